import { setTimeout as sleep } from 'node:timers/promises';
import type { LogGroup } from './log-groups.ts';
import type { LogLine } from './log-line.ts';
import { merged } from './read-logs.ts';

/** How the lines of several log groups are followed. */
export interface Following {
  /** The lines of one group from a moment on, in order. */
  readonly read: (group: LogGroup, from: number) => AsyncIterable<LogLine>;
  readonly groups: readonly LogGroup[];
  /** The moment of the first lines, milliseconds since the epoch. */
  readonly from: number;
  readonly signal: AbortSignal;
}

/** CloudWatch Logs may show a line some seconds after its time, and later than younger ones. */
const lateMs = 60_000;
const everyMs = 2_000;

/**
 * Gives each line once, and then those that come, until the signal. Lines of one log stream come in their order; a line that Logs
 * shows late comes after younger ones of other streams. Each look asks again for the last minute before the newest line of a group, and
 * leaves out what was given.
 */
export async function* followLogs(
  { read, groups, from, signal }: Following,
  everyMilliseconds = everyMs,
): AsyncIterable<LogLine> {
  const states = groups.map((group) => ({ group, newest: from, given: new Map<string, number>() }));
  while (!signal.aborted) {
    const looks = states.map(({ group, newest, given }) =>
      ungiven(read(group, Math.max(from, newest - lateMs)), given),
    );
    for await (const line of merged(looks)) {
      const state = states.find(({ group }) => group === line.group)!;
      state.given.set(line.eventId, line.timestamp);
      state.newest = Math.max(state.newest, line.timestamp);
      yield line;
      if (signal.aborted) return;
    }
    for (const { given, newest } of states)
      for (const [id, time] of given) if (time < newest - lateMs) given.delete(id);
    await sleep(everyMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}

async function* ungiven(
  lines: AsyncIterable<LogLine>,
  given: ReadonlyMap<string, number>,
): AsyncIterable<LogLine> {
  for await (const line of lines) if (!given.has(line.eventId)) yield line;
}
