import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * The side of a variant that the benchmark speaks to: for each line on standard input, one round, told on file
 * descriptor 3 as one line of JSON (`RoundTold`). Counted is this process alone, with all of its threads.
 */
export async function serveRounds(collectUntilEmpty: () => Promise<void>): Promise<void> {
  for await (const _ of createInterface({ input: process.stdin })) {
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    await collectUntilEmpty();
    const { user, system } = process.cpuUsage(cpu);
    tell({
      cpuSeconds: (user + system) / 1e6,
      wallSeconds: (performance.now() - startedAt) / 1e3,
      peakRssMb: peakRssMb(),
    });
  }
}

export interface RoundTold {
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Since the process began. */
  readonly peakRssMb: number;
}

function tell(round: RoundTold): void {
  writeSync(3, `${JSON.stringify(round)}\n`);
}

/** From the kernel where it says; `maxRSS` begins with that of the parent, which forked this process. */
function peakRssMb(): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kilobytes) / 1024;
  } catch {
    return process.resourceUsage().maxRSS / 1024;
  }
}
