import { expect, test } from 'vitest';
import { drawFaults, type EverythingPlan } from '../../../lab/faults/everything/draw-faults.ts';
import { createFaultInjector } from '../../../lab/faults/everything/fault-injector.ts';
import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const few = { events: 200 };
const allChanges =
  'destination added at 15, stream id replaced at 35, destination removed at 50, destination put back at 57';
const seeds = Array.from({ length: 1_000 }, (_, seed) => seed);

test('the faults of a run are a function of its seed', () => {
  for (const seed of seeds) expect(drawFaults(seed, few)).toEqual(drawFaults(seed, few));
});

test.each([
  [1, '55 min, no table from 24'],
  [7, `120 min, episodes, freeze, ${allChanges}, 1 more, silent collect at 82, down from 42 to 3053`],
  [8, '120 min, episodes, freeze, 2 more, timeout 50 to 89, no journal from 12 for 8'],
  [
    38,
    '120 min, episodes, freeze, stream id replaced at 35, timeout 97 to 113, no table from 82, silent collect at 50',
  ],
  [
    66,
    '120 min, episodes, freeze, destination added at 15, destination removed at 50, destination put back at 87, silent call at 45',
  ],
  [118, '120 min, episodes, freeze, 2 more, table of 65 at 98, down from 48 to 2261'],
])('the plan of seed %i is what it was', (seed, plan) => {
  expect(summary(drawFaults(seed, few))).toBe(plan);
});

test('of a thousand runs over few events an eighth are long, and each kind of trouble comes often', () => {
  const plans = seeds.map((seed) => drawFaults(seed, few));
  const count = (is: (plan: EverythingPlan) => unknown): number => plans.filter(is).length;
  const named = (name: string) => count(({ changes }) => changes.some((change) => change.name === name));

  expect(count(({ episodes }) => episodes > 0)).toBeGreaterThan(100);
  expect(count(({ episodes }) => episodes > 0)).toBeLessThan(150);
  expect(count(({ episodes, restore }) => episodes > 0 && restore)).toBeGreaterThan(20);
  expect(count(({ daysDown }) => daysDown)).toBeGreaterThan(20);
  expect(named('destination put back')).toBeGreaterThan(20);
  expect(named('stream id replaced')).toBeGreaterThan(20);
});

test.each<[string, (plan: EverythingPlan) => unknown, readonly [number, number]]>([
  ['S3 that refuses the journal', ({ journalOutage }) => journalOutage, [120, 200]],
  ['a journal permission that is gone', ({ journalDenied }) => journalDenied, [120, 200]],
  ['a table that fails', ({ tableOutage }) => tableOutage, [200, 300]],
  ['a table that is put back', ({ restore }) => restore, [200, 300]],
  ['a source that is slow by size', ({ slowBySize }) => slowBySize, [200, 300]],
  ['answers that are repeated', ({ repeats }) => repeats, [120, 220]],
  ['a timeout below the setting', ({ timeout }) => timeout && timeout.seconds < 300, [90, 160]],
  ['a timeout above it', ({ timeout }) => timeout && timeout.seconds > 300, [90, 160]],
  ['one destination more', ({ more }) => more.count === 1, [200, 300]],
  ['two destinations more', ({ more }) => more.count === 2, [200, 300]],
  ['all events at once', ({ backlog }) => backlog, [200, 320]],
])('of a thousand runs over few events many meet %s', (_, is, [least, most]) => {
  const met = seeds.map((seed) => drawFaults(seed, few)).filter(is);
  expect(met.length).toBeGreaterThan(least);
  expect(met.length).toBeLessThan(most);
});

test.each<[string, (plan: EverythingPlan) => unknown]>([
  ['less quota than the settings say, with a backlog', ({ lessQuota, backlog }) => lessQuota && backlog],
  ['a replaced stream that is falsely empty', ({ emptyWhenReplacedMs }) => emptyWhenReplacedMs],
])('of a thousand runs over many events many meet %s', (_, is) => {
  const met = seeds.map((seed) => drawFaults(seed, { events: 5_000 })).filter(is);
  expect(met.length).toBeGreaterThan(120);
});

test('windows lie within the time of the faults', () => {
  for (const plan of seeds.map((seed) => drawFaults(seed, { events: 5_000 })))
    for (const window of [plan.slowBySize, plan.repeats, plan.timeout, plan.lessQuota, plan.journalDenied]) {
      if (window === undefined) continue;
      expect(window.fromMs).toBeGreaterThanOrEqual(0);
      expect(window.toMs - window.fromMs).toBeGreaterThanOrEqual(10 * 60_000);
      expect(window.toMs).toBeLessThanOrEqual(plan.lastsMs);
    }
});

test('a table is put back to what it was a minute to an hour before, while faults go on', () => {
  for (const { restore, lastsMs } of seeds.map((seed) => drawFaults(seed, few))) {
    if (restore === undefined) continue;
    expect(restore.restoreMs - restore.rememberMs).toBeGreaterThanOrEqual(60_000);
    expect(restore.restoreMs - restore.rememberMs).toBeLessThanOrEqual(3_600_000);
    expect(restore.restoreMs).toBeLessThanOrEqual(lastsMs - 5 * 60_000);
  }
});

test('every kind of destination takes part where it is asked for', () => {
  for (const seed of seeds.slice(0, 20))
    expect(drawFaults(seed, { ...few, everyKind: true }).more.count).toBe(3);
});

test('views take part where they are asked for, with failing keys, and change no other fault of a seed', () => {
  for (const seed of seeds) {
    const { views, viewKeys, changes, ...rest } = drawFaults(seed, { ...few, views: true });
    const { views: none, viewKeys: noKeys, changes: without, ...same } = drawFaults(seed, few);
    expect(rest).toEqual(same);
    expect(changes.map(({ to, ...each }) => each)).toEqual(without.map(({ to, ...each }) => each));
    expect([views, none, noKeys]).toEqual([true, false, undefined]);
    expect(changes.every(({ to }) => to.views)).toBe(true);
    for (const window of [viewKeys!.denied, viewKeys!.malformed]) {
      expect(window.fromMs).toBeGreaterThanOrEqual(0);
      expect(window.toMs).toBeLessThanOrEqual(rest.lastsMs);
      expect(window.toMs - window.fromMs).toBeGreaterThanOrEqual(10 * 60_000);
    }
  }
});

test('S3 that refuses the journal does so for minutes', () => {
  const plans = seeds.map((seed) => drawFaults(seed, few));
  for (const { journalOutage } of plans) {
    if (journalOutage === undefined) continue;
    expect(journalOutage.lastsMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(journalOutage.lastsMs).toBeLessThanOrEqual(20 * 60_000);
  }
});

test('only the longer runs meet calls that are never answered', () => {
  const plans = seeds.map((seed) => drawFaults(seed, few));
  const waits = ({ silentCall, silentCollect, journalOutage }: EverythingPlan): boolean =>
    silentCall !== undefined || silentCollect !== undefined || (journalOutage?.silent ?? 0) > 0;

  expect(plans.filter(waits).length).toBeGreaterThan(40);
  for (const plan of plans.filter(waits)) expect(plan.episodes).toBe(1);
});

test("a batch that Firehose takes in the journal's place is not lost there after a day", () => {
  for (const { journalOutage, journalDenied, daysDown } of seeds.map((seed) => drawFaults(seed, few)))
    if (daysDown) expect([journalOutage, journalDenied]).toEqual([undefined, undefined]);
});

test('many events are always exposed for hours', () => {
  for (const seed of seeds.slice(0, 50))
    expect(drawFaults(seed, { events: 5_000 })).toMatchObject({ episodes: 1 });
});

test('a destination is down for longer than Firehose keeps what S3 refuses', () => {
  for (const { daysDown } of seeds.map((seed) => drawFaults(seed, few)))
    if (daysDown) expect(daysDown.toMs - daysDown.fromMs).toBeGreaterThan(25 * 3_600_000);
});

test('a destination takes nothing for some minutes before it is removed with batches that it lacks', () => {
  for (const { changes, addedRefusesFromMs } of seeds.map((seed) => drawFaults(seed, few))) {
    const removed = changes.find(({ name }) => name === 'destination removed');
    if (removed?.removedWhile !== 'owed') expect(addedRefusesFromMs).toBeUndefined();
    else expect(addedRefusesFromMs).toBeLessThanOrEqual(removed.afterMs - 12 * 60_000);
  }
});

test('a destination returns at any moment: while its old delivery stream holds events, and long after', () => {
  const minutes = seeds.flatMap((seed) => {
    const { changes } = drawFaults(seed, few);
    const at = (name: string) => changes.find((change) => change.name === name)?.afterMs ?? Number.NaN;
    const between = (at('destination put back') - at('destination removed')) / 60_000;
    return Number.isNaN(between) ? [] : [between];
  });
  // The delivery stream holds events for up to 15 minutes.
  expect(minutes.filter((each) => each > 0 && each < 5).length).toBeGreaterThan(2);
  expect(minutes.filter((each) => each > 20).length).toBeGreaterThan(10);
});

test('a table is never put back to before an id was replaced, or a destination was added', () => {
  for (const { changes, restore } of seeds.map((seed) => drawFaults(seed, few)))
    if (restore !== undefined) expect(changes).toEqual([]);
});

test('the fault of a call depends on seed, function and number, not on the order between functions', () => {
  const streams = ['cis', 'admin'].map((name) => ({ name, settings: {} }) as WorldStream);
  const draws = (order: readonly number[]) => {
    const injector = createFaultInjector(7);
    const drawn = streams.map((): unknown[] => []);
    for (const which of order) {
      const occasion = {
        stream: streams[which]!,
        kind: 'call',
        faults: [{ name: 'a' }, { name: 'b' }],
        rate: 0.5,
      };
      drawn[which]!.push(injector.next(occasion));
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
  const stream = { name: 'cis-witness', functionName: 'witness', settings: {} } as WorldStream;
  const sandboxes = ['collect', 'compare'].map((id) => ({
    id,
    functionName: 'witness',
    requestId: `request-${id}`,
  }));
  const lambda = { sandboxes: () => sandboxes, kill: (id: string) => ended.push(id) };
  const injector = createFaultInjector(7);
  const stage = { streams: [], witnesses: [stream], simulator: { calls: [] }, world: { lambda } };
  injector.begin(stage as unknown as FaultyStage);
  for (const { id, requestId } of sandboxes) injector.began({ stream, requestId }, id);

  injector.kill({ stream, requestId: 'request-compare' }, 'killed', 'killed at Query');
  expect(ended).toEqual(['compare']);

  injector.kill({ stream }, 'timeout', 'no answer of Mosaic');
  expect(ended).toEqual(['compare', 'collect']);

  // What it had sent is its own still, and what comes after it another's.
  injector.called(stream, 5);
  injector.began({ stream, requestId: 'request-next' }, 'collect');
  injector.called(stream, 6);
  expect([5, 6].map(injector.killedAfter)).toEqual(['no answer of Mosaic', undefined]);
});

function windows(plan: EverythingPlan): readonly string[] {
  const { slowBySize, repeats, timeout, lessQuota, journalDenied } = plan;
  const all = { slowBySize, repeats, timeout, lessQuota, journalDenied };
  const minutes = (ms: number) => Math.round(ms / 60_000);
  return Object.entries(all).flatMap(([name, window]) =>
    window === undefined ? [] : [`${name} ${minutes(window.fromMs)} to ${minutes(window.toMs)}`],
  );
}

/** `long`, what comes beside it, and when, in minutes. */
function summary(plan: EverythingPlan): string {
  const { lastsMs, episodes, freeze, changes, restore, daysDown, journalOutage, tableOutage } = plan;
  const minutes = (ms: number) => Math.round(ms / 60_000);
  return [
    `${minutes(lastsMs)} min`,
    ...(episodes > 0 ? ['episodes'] : []),
    ...(freeze ? ['freeze'] : []),
    ...changes.map(({ name, afterMs }) => `${name} at ${minutes(afterMs)}`),
    ...(plan.backlog ? ['all at once'] : []),
    ...(plan.more.count === 0 ? [] : [`${plan.more.count} more`]),
    ...(restore === undefined
      ? []
      : [`table of ${minutes(restore.rememberMs)} at ${minutes(restore.restoreMs)}`]),
    ...windows(plan),
    ...(journalOutage === undefined
      ? []
      : [`no journal from ${minutes(journalOutage.fromMs)} for ${minutes(journalOutage.lastsMs)}`]),
    ...(tableOutage === undefined ? [] : [`no table from ${minutes(tableOutage.fromMs)}`]),
    ...(plan.silentCall === undefined ? [] : [`silent call at ${minutes(plan.silentCall.fromMs)}`]),
    ...(plan.silentCollect === undefined ? [] : [`silent collect at ${minutes(plan.silentCollect.fromMs)}`]),
    ...(daysDown === undefined ? [] : [`down from ${minutes(daysDown.fromMs)} to ${minutes(daysDown.toMs)}`]),
  ].join(', ');
}
