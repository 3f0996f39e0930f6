import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { RoundTold } from './variants/serve-rounds.ts';

/** A variant in a process of its own, which works round by round. */
export interface MeasuredProcess {
  readonly pid: number;
  /**
   * Lets the variant collect until it is answered `[]`.
   *
   * @throws when the process ended, with the last line it wrote, or took longer than it may, after which it is
   * killed
   */
  round(): Promise<MeasuredRound>;
  close(): Promise<void>;
}

export interface MeasuredRound extends RoundTold {
  /** Bytes that it wrote to standard output meanwhile. */
  readonly logBytes: number;
}

/** Many times the length of the longest round: only a process that hangs is given up. */
const roundLimitMs = 120_000;

/** Starts a variant. @param environment the whole environment of the process, except for the path */
export function startMeasured(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  limitMs = roundLimitMs,
): MeasuredProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  });
  let logBytes = 0;
  let lastWords = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    logBytes += chunk.length;
    if (process.env.BENCH_LOGS !== undefined) process.stderr.write(chunk);
  });
  child.stderr!.on('data', (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk}`.slice(-4_000);
  });
  const lines = createInterface({ input: child.stdio[3] as Readable })[Symbol.asyncIterator]();
  const ended = endOf(child);

  return {
    pid: child.pid!,
    async round() {
      logBytes = 0;
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        child.kill('SIGKILL');
      }, limitMs);
      child.stdin!.write('round\n');
      const line = await Promise.race([lines.next(), ended]).finally(() => clearTimeout(timer));
      if (late) throw new Error(`it was not through with a round after ${limitMs / 1_000} s`);
      if (line === undefined || line.done) {
        await ended;
        throw new Error(`it ended early: ${whatWentWrong(lastWords)}`);
      }
      return { ...(JSON.parse(line.value) as RoundTold), logBytes };
    },
    async close() {
      child.stdin!.end();
      child.kill();
      await ended;
    },
  };
}

/** Node and Python both write the error's own line amid others. */
function whatWentWrong(words: string): string {
  const lines = words.trim().split('\n');
  return lines.findLast((line) => /Error/.test(line)) ?? lines.at(-1) ?? 'without a word';
}

function endOf(child: ChildProcess): Promise<undefined> {
  child.stdin!.on('error', () => {});
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(undefined));
  });
}
