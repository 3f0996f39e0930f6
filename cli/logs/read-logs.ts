import { setTimeout as sleep } from 'node:timers/promises';
import { logPages } from '../../functions/log-events.ts';
import type { Connection } from '../access/deployed-relay.ts';
import { signedCall } from '../access/signed-call.ts';
import type { LogGroup } from './log-groups.ts';
import type { LogLine } from './log-line.ts';

/** Reads the lines of one log group from a moment on, in the order of their times. @throws {NoLogGroup} */
export async function* readGroup(
  group: LogGroup,
  { connection, from }: { readonly connection: Connection; readonly from: number },
): AsyncIterable<LogLine> {
  const question = { logGroupName: group.name, startTime: Math.max(0, Math.floor(from)) };
  const access = {
    region: async () => connection.region,
    post: (call: Parameters<typeof signedCall>[0]) => signedCall(call, connection),
    sleep: (ms: number) => sleep(ms),
  };
  for await (const events of logPages(question, access)) {
    if (events === undefined) throw new NoLogGroup(group.name);
    for (const event of events) yield { ...event, group };
  }
}

/** The log group is not there: it was deleted, or its writer is of an earlier version. */
export class NoLogGroup extends Error {
  constructor(name: string) {
    super(`there is no log group ${name}`);
    this.name = 'NoLogGroup';
  }
}

/**
 * Joins lines that are in order, each source's, into one order. Sources are asked one after the other, since Logs takes few calls in a
 * second, and no more than a page of each is held.
 */
export async function* merged(sources: readonly AsyncIterable<LogLine>[]): AsyncIterable<LogLine> {
  const heads: Head[] = [];
  try {
    for (const source of sources) {
      const lines = source[Symbol.asyncIterator]();
      await pull(lines, heads);
    }
    for (let first = earliest(heads); first !== undefined; first = earliest(heads)) {
      heads.splice(heads.indexOf(first), 1);
      yield first.line;
      await pull(first.lines, heads);
    }
  } finally {
    for (const { lines } of heads) await lines.return?.();
  }
}

interface Head {
  readonly line: LogLine;
  readonly lines: AsyncIterator<LogLine>;
}

async function pull(lines: AsyncIterator<LogLine>, heads: Head[]): Promise<void> {
  const next = await lines.next();
  if (next.done !== true) heads.push({ line: next.value, lines });
}

/** The one that came first in the list, of several at one time: lines of a source stay in their order. */
function earliest(heads: readonly Head[]): Head | undefined {
  return heads.reduce<Head | undefined>(
    (first, head) => (first === undefined || head.line.timestamp < first.line.timestamp ? head : first),
    undefined,
  );
}
