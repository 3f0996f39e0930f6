import { readFileSync } from 'node:fs';

/**
 * Watches whether a process takes more memory than its function has, as Lambda does: the peak of its resident set is
 * looked at twenty times a second. Where there is no `/proc` nothing is seen.
 *
 * @param limitMb MiB
 * @returns what ends the watch
 */
export function enforceMemoryLimit(pid: number, limitMb: number, onExceeded: () => void): () => void {
  const look = (): void => {
    if (peakMb(pid) <= limitMb) return;
    clearInterval(timer);
    onExceeded();
  };
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
}

const everyMs = 50;

/** 0 where that is not known, or the process is gone. */
function peakMb(pid: number): number {
  try {
    const [, kib] = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+) kB$/m) ?? [];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}
