import { expect, test } from 'vitest';
import { followLogs } from '../../../cli/logs/follow-logs.ts';
import type { LogGroup } from '../../../cli/logs/log-groups.ts';
import type { LogLine } from '../../../cli/logs/log-line.ts';

const group: LogGroup = { name: '/aws/lambda/cis', writer: 'cis collector' };
const other: LogGroup = { name: '/aws/lambda/risk', writer: 'risk collector' };

function line(timestamp: number, message: string, of = group, logStreamName = 'one'): LogLine {
  return { group: of, eventId: `${of.name} ${message}`, logStreamName, timestamp, message };
}

/** Follows logs that hold, at each look, what is listed for it. */
async function followed(looks: readonly (readonly LogLine[])[], from = 0): Promise<readonly string[]> {
  const ending = new AbortController();
  const groups = [group, other];
  let asked = 0;
  const read = async function* (of: LogGroup, since: number): AsyncIterable<LogLine> {
    const look = Math.floor(asked++ / groups.length);
    if (look >= looks.length) ending.abort();
    const held = looks.slice(0, look + 1).flat();
    const found = held.filter((one) => one.group === of && one.timestamp >= since);
    yield* found.toSorted((a, b) => a.timestamp - b.timestamp);
  };
  const given: string[] = [];
  for await (const one of followLogs({ read, groups, from, signal: ending.signal }, 0))
    given.push(one.message);
  return given;
}

test('each line is given once, though every look asks again for the last minute', async () => {
  const looks = [[line(1_000, 'a'), line(2_000, 'b')], [line(2_000, 'c')], [], [line(90_000, 'd')]];

  expect(await followed(looks)).toEqual(['a', 'b', 'c', 'd']);
});

test('the lines of several groups come in the order of their times', async () => {
  expect(await followed([[line(1, 'a'), line(3, 'c'), line(2, 'b', other), line(4, 'd', other)]])).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});

test('a line that is shown up to a minute late is given, after younger ones of other streams', async () => {
  const looks = [[line(100_000, 'young', group, 'one')], [line(41_000, 'late', group, 'two')]];

  expect(await followed(looks)).toEqual(['young', 'late']);
});

test('nothing from before the asked time is given', async () => {
  expect(await followed([[line(1_000, 'old'), line(5_000, 'new')]], 5_000)).toEqual(['new']);
});
