import { expect, test } from 'vitest';
import { createFaultDesk } from '../../local/run/faults/everything/fault-desk.ts';
import { type EverythingPlan, planEverything } from '../../local/run/faults/everything/plan.ts';
import type { FaultyStage } from '../../local/run/faults/fault-set.ts';
import type { WorldStream } from '../../local/world-streams.ts';

const few = { events: 200 };
const allChanges =
  'destination added at 15, stream id replaced at 35, destination removed at 50, destination put back at 90';
const seeds = Array.from({ length: 1_000 }, (_, seed) => seed);

test('what a run goes through is a function of its seed', () => {
  for (const seed of seeds) expect(planEverything(seed, few)).toEqual(planEverything(seed, few));
});

test.each([
  [1, '55 min, no table from 24'],
  [7, `120 min, episodes, freeze, ${allChanges}, silent collect at 82, down from 42 to 3053`],
  [8, '120 min, episodes, freeze, no journal from 12 for 8'],
  [38, '120 min, episodes, freeze, stream id replaced at 35, no table from 82, silent collect at 50'],
  [
    66,
    '120 min, episodes, freeze, destination added at 15, destination removed at 50, destination put back at 90, table of 23, silent call at 45',
  ],
  [118, '120 min, episodes, freeze, table of 35, down from 48 to 2261'],
])('the plan of seed %i is what it was', (seed, plan) => {
  expect(summary(planEverything(seed, few))).toBe(plan);
});

test('of a thousand runs over few events an eighth are long, and each kind of trouble comes often', () => {
  const plans = seeds.map((seed) => planEverything(seed, few));
  const count = (is: (plan: EverythingPlan) => unknown): number => plans.filter(is).length;
  const named = (name: string) => count(({ changes }) => changes.some((change) => change.name === name));

  expect(count(({ episodes }) => episodes > 0)).toBeGreaterThan(100);
  expect(count(({ episodes }) => episodes > 0)).toBeLessThan(150);
  expect(count(({ restoreFromMs }) => restoreFromMs !== undefined)).toBeGreaterThan(20);
  expect(count(({ daysDown }) => daysDown)).toBeGreaterThan(20);
  expect(named('destination put back')).toBeGreaterThan(20);
  expect(named('stream id replaced')).toBeGreaterThan(20);
});

test('a fourth of the runs meets S3 that refuses the journal, and a fourth a table that fails', () => {
  const plans = seeds.map((seed) => planEverything(seed, few));
  const count = (is: (plan: EverythingPlan) => unknown): number => plans.filter(is).length;

  for (const of of [count(({ journalOutage }) => journalOutage), count(({ tableOutage }) => tableOutage)]) {
    expect(of).toBeGreaterThan(200);
    expect(of).toBeLessThan(300);
  }
  for (const { journalOutage } of plans) {
    if (journalOutage === undefined) continue;
    expect(journalOutage.lastsMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(journalOutage.lastsMs).toBeLessThanOrEqual(20 * 60_000);
  }
});

test('only the longer runs wait in real time for what never answers', () => {
  const plans = seeds.map((seed) => planEverything(seed, few));
  const waits = ({ silentCall, silentCollect, journalOutage }: EverythingPlan): boolean =>
    silentCall !== undefined || silentCollect !== undefined || (journalOutage?.silent ?? 0) > 0;

  expect(plans.filter(waits).length).toBeGreaterThan(40);
  for (const plan of plans.filter(waits)) expect(plan.episodes).toBe(1);
});

test('what Firehose takes in the place of the journal is not lost there after a day', () => {
  for (const { journalOutage, daysDown } of seeds.map((seed) => planEverything(seed, few)))
    if (daysDown) expect(journalOutage).toBeUndefined();
});

test('many events are always exposed for hours', () => {
  for (const seed of seeds.slice(0, 50))
    expect(planEverything(seed, { events: 5_000 })).toMatchObject({ episodes: 1 });
});

test('a destination is down for longer than Firehose keeps what S3 refuses', () => {
  for (const { daysDown } of seeds.map((seed) => planEverything(seed, few)))
    if (daysDown) expect(daysDown.toMs - daysDown.fromMs).toBeGreaterThan(25 * 3_600_000);
});

test('a destination takes nothing for some minutes before it is removed', () => {
  for (const { changes, addedRefusesFromMs } of seeds.map((seed) => planEverything(seed, few))) {
    const removed = changes.find(({ name }) => name === 'destination removed');
    if (removed === undefined) expect(addedRefusesFromMs).toBeUndefined();
    else expect(addedRefusesFromMs).toBeLessThanOrEqual(removed.afterMs - 15 * 60_000);
  }
});

test('a table is never put back to before an id was replaced', () => {
  for (const { changes, restoreFromMs } of seeds.map((seed) => planEverything(seed, few)))
    if (restoreFromMs !== undefined)
      expect(changes.map(({ name }) => name)).not.toContain('stream id replaced');
});

test('what befalls a call depends on seed, function and number, not on the order between functions', () => {
  const streams = ['cis', 'admin'].map((name) => ({ name, environment: {} }) as WorldStream);
  const draws = (order: readonly number[]) => {
    const desk = createFaultDesk(7);
    const drawn = streams.map((): unknown[] => []);
    for (const which of order) {
      const occasion = {
        stream: streams[which]!,
        kind: 'call',
        faults: [{ name: 'a' }, { name: 'b' }],
        rate: 0.5,
      };
      drawn[which]!.push(desk.next(occasion));
    }
    return drawn;
  };

  const inTurns = draws(Array.from({ length: 60 }, (_, call) => call % 2));
  const oneByOne = draws([...Array.from({ length: 30 }, () => 1), ...Array.from({ length: 30 }, () => 0)]);

  expect(inTurns).toEqual(oneByOne);
  expect(new Set(inTurns[0]!.map((each) => JSON.stringify(each))).size).toBeGreaterThan(10);
});

test('a kill ends the process that it is aimed at, and spares the one that collects beside it', () => {
  const ended: string[] = [];
  const stream = { name: 'cis-witness', functionName: 'witness', environment: {} } as WorldStream;
  const sandboxes = ['collect', 'compare'].map((id) => ({
    id,
    functionName: 'witness',
    requestId: `request-${id}`,
  }));
  const lambda = { sandboxes: () => sandboxes, kill: (id: string) => ended.push(id) };
  const desk = createFaultDesk(7);
  const stage = { streams: [], witnesses: [stream], simulator: { calls: [] }, world: { lambda } };
  desk.begin(stage as unknown as FaultyStage);
  for (const { id, requestId } of sandboxes) desk.began({ stream, requestId }, id);

  desk.kill({ stream, requestId: 'request-compare' }, 'killed', 'killed at Query');
  expect(ended).toEqual(['compare']);

  desk.kill({ stream }, 'timeout', 'no answer of Mosaic');
  expect(ended).toEqual(['compare', 'collect']);

  // What it had sent is its own still, and what comes after it another's.
  desk.called(stream, 5);
  desk.began({ stream, requestId: 'request-next' }, 'collect');
  desk.called(stream, 6);
  expect([5, 6].map(desk.killedAfter)).toEqual(['no answer of Mosaic', undefined]);
});

/** `long`, what comes beside it, and when, in minutes. */
function summary(plan: EverythingPlan): string {
  const { lastsMs, episodes, freeze, changes, restoreFromMs, daysDown, journalOutage, tableOutage } = plan;
  const minutes = (ms: number) => Math.round(ms / 60_000);
  return [
    `${minutes(lastsMs)} min`,
    ...(episodes > 0 ? ['episodes'] : []),
    ...(freeze ? ['freeze'] : []),
    ...changes.map(({ name, afterMs }) => `${name} at ${minutes(afterMs)}`),
    ...(restoreFromMs === undefined ? [] : [`table of ${minutes(restoreFromMs)}`]),
    ...(journalOutage === undefined
      ? []
      : [`no journal from ${minutes(journalOutage.fromMs)} for ${minutes(journalOutage.lastsMs)}`]),
    ...(tableOutage === undefined ? [] : [`no table from ${minutes(tableOutage.fromMs)}`]),
    ...(plan.silentCall === undefined ? [] : [`silent call at ${minutes(plan.silentCall.fromMs)}`]),
    ...(plan.silentCollect === undefined ? [] : [`silent collect at ${minutes(plan.silentCollect.fromMs)}`]),
    ...(daysDown === undefined ? [] : [`down from ${minutes(daysDown.fromMs)} to ${minutes(daysDown.toMs)}`]),
  ].join(', ');
}
