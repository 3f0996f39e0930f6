import { readFile } from 'node:fs/promises';
import type { World } from '../../local/world.ts';

/** Watches the memory of the functions' processes while they live. */
export interface MemoryWatch {
  /** Looks once; at most one look is under way. */
  look(): Promise<void>;
  /** The process with the most memory at each look, in the order of time. */
  readonly seen: readonly MemorySample[];
}

export interface MemorySample {
  /** By the run's clock. */
  readonly at: number;
  readonly mb: number;
}

/** Sees nothing where there is no `/proc`; only Linux has it. */
export function watchMemory({ clock, lambda }: Pick<World, 'clock' | 'lambda'>): MemoryWatch {
  const seen: MemorySample[] = [];
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const at = clock.now();
    const held = await Promise.all(lambda.sandboxes().map(({ pid }) => residentMb(pid)));
    const most = Math.max(0, ...held);
    if (most > 0) seen.push({ at, mb: most });
  };
  return {
    seen,
    look: () => {
      looking ??= look().finally(() => {
        looking = undefined;
      });
      return looking;
    },
  };
}

/** 0 for a process that has just ended. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? 0) / 1024;
}
