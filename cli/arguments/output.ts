import type { Output } from './program.ts';

/** A stream of a process, as far as a program writes to it. */
interface Writable {
  write(text: string): unknown;
  readonly columns?: number;
}

/** Writes a program's lines to the two streams of a process. */
export function outputOf({
  stdout,
  stderr,
}: {
  readonly stdout: Writable;
  readonly stderr: Writable;
}): Output {
  return {
    out: (text) => void stdout.write(`${text}\n`),
    problem: (text) => void stderr.write(`${text}\n`),
    columns: stdout.columns ?? 80,
  };
}
