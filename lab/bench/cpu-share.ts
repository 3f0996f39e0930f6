import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CpuLimit {
  /** To be called once the process has ended. */
  remove(): void;
}

/** A period shorter than the kernel's default of 100 ms, so that a share is spread as evenly as a small function sees it. */
const periodUs = 20_000;

/**
 * Limits a process to a share of one CPU by a control group of its own, of version 2 or 1; undefined where they
 * cannot be written.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu
 */
export function limitCpu(pid: number, cpus: number): CpuLimit | undefined {
  const quotaUs = Math.round(cpus * periodUs);
  const name = `relay-bench-${pid}`;
  return (
    limitIn('/sys/fs/cgroup', name, pid, { 'cpu.max': `${quotaUs} ${periodUs}` }) ??
    limitIn('/sys/fs/cgroup/cpu', name, pid, {
      'cpu.cfs_period_us': String(periodUs),
      'cpu.cfs_quota_us': String(quotaUs),
    })
  );
}

function limitIn(
  root: string,
  name: string,
  pid: number,
  limits: Readonly<Record<string, string>>,
): CpuLimit | undefined {
  const version1 = root.endsWith('/cpu');
  if (!existsSync(join(root, version1 ? 'cpu.cfs_quota_us' : 'cgroup.controllers'))) return undefined;
  const group = join(root, name);
  try {
    mkdirSync(group);
  } catch {
    return undefined;
  }
  try {
    for (const [file, value] of Object.entries(limits)) {
      // A group without the controller has no such file, and one must not be made.
      readFileSync(join(group, file));
      writeFileSync(join(group, file), value);
    }
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
    return { remove: () => rmdirSync(group) };
  } catch {
    rmdirSync(group);
    return undefined;
  }
}
