import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Holding, JournaledEvents, QuarantinedEvents } from '../../../local/run/compared-sets.ts';
import { compareStream } from '../../../local/run/comparison.ts';

describe('the comparison', () => {
  test('an event that every destination holds counts as delivered, and as nothing else', async () => {
    const events = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: events, holdings: [events.map(line), events.map(envelope)] });
    expect(result).toMatchObject({ generated: 2, delivered: 2, missing: 0, duplicates: 0, quarantined: 0 });
    expect(result.destinations).toMatchObject([{ delivered: 2 }, { delivered: 2 }]);
  });

  test('an event that one of two destinations lacks is missing of the stream and of that one', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: [first, second],
      holdings: [[line(first), line(second)], [line(first)]],
    });
    expect(result).toMatchObject({ delivered: 1, missing: 1 });
    expect(result.destinations).toMatchObject([
      { delivered: 2, missing: 0, missingEvents: [] },
      { delivered: 1, missing: 1, missingEvents: [{ id: id(second), journaled: true }] },
    ]);
  });

  test('a destination is owed only what a run collected whose OPEN names it', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const both = { generated: [first, second], owedToLast: second };

    const sound = await compare({ ...both, holdings: [[line(first), line(second)], [line(second)]] });
    const lacking = await compare({ ...both, holdings: [[line(first), line(second)], [line(first)]] });

    expect(sound).toMatchObject({ delivered: 2, missing: 0 });
    expect(lacking).toMatchObject({ delivered: 1, missing: 1 });
  });

  test('an event too old for one receiver is late there, and counts by the others in the stream', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const generated = [fresh, old];

    const held = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh), line(old)], [line(fresh)]],
    });
    const sent = await compare({
      generated,
      tooOldForLast: old,
      holdings: [
        [line(fresh), line(old)],
        [line(fresh), line(old)],
      ],
    });
    const nowhere = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh)], [line(fresh)]],
    });
    const lacking = await compare({
      generated,
      tooOldForLast: old,
      holdings: [[line(fresh), line(old)], [line(old)]],
    });

    expect(held).toMatchObject({ delivered: 2, missing: 0, late: 0 });
    expect(held.destinations).toMatchObject([
      { delivered: 2, missing: 0, late: 0 },
      { delivered: 1, missing: 0, late: 1, missingEvents: [] },
    ]);
    expect(sent.destinations[1]).toMatchObject({ delivered: 2, late: 0 });
    expect(nowhere).toMatchObject({ delivered: 1, missing: 1, late: 0 });
    expect(lacking).toMatchObject({ missing: 1, destinations: [{}, { missing: 1, late: 0 }] });
  });

  test('an event that the only destination cannot take any more is late for the stream, too', async () => {
    const result = await compare({ generated: ['{"old":1}'], tooOldForLast: '{"old":1}', holdings: [[]] });
    expect(result).toMatchObject({ delivered: 0, missing: 0, late: 1 });
  });

  test('an old event that a destination lacks and nobody has told of as late is missing', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const lost = {
      generated: [fresh, old],
      tooOldForLast: old,
      heldBackForLast: 0,
      holdings: [[line(fresh)]],
    };

    const untold = await compare(lost);
    const toldByReceiver = await compare({ ...lost, toldForLast: [old] });
    const toldOfAnother = await compare({ ...lost, toldForLast: [fresh, '{"other":3}'] });

    expect(untold).toMatchObject({ missing: 1, late: 0, destinations: [{ missing: 1, lateIds: [] }] });
    expect(toldByReceiver).toMatchObject({ missing: 0, late: 1, destinations: [{ lateIds: [id(old)] }] });
    expect(toldOfAnother).toMatchObject({ missing: 1, late: 0 });
  });

  test('a run that told of one late event excuses one, and no other run’s', async () => {
    const [first, second, third] = ['{"old":1}', '{"old":2}', '{"b":3}'];
    const result = await compare({
      generated: [first, second, third],
      runs: { [second]: `run of ${first}` },
      tooOldForLast: first,
      alsoTooOldForLast: [second, third],
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 2, late: 1, destinations: [{ lateIds: [id(first)] }] });
  });

  test('an event that is still in time is missing, though its run has told of a late one', async () => {
    const [fresh, old] = ['{"a":1}', '{"old":2}'];
    const result = await compare({
      generated: [fresh, old],
      runs: { [fresh]: `run of ${old}` },
      tooOldForLast: old,
      heldBackForLast: 2,
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 1, late: 1, destinations: [{ lateIds: [id(old)] }] });
  });

  test('an old event that never reached the journal is missing, and not late', async () => {
    const result = await compare({
      generated: ['{"old":1}'],
      journaled: [],
      tooOldForLast: '{"old":1}',
      holdings: [[]],
    });
    expect(result).toMatchObject({ missing: 1, late: 0 });
  });

  test('lines that a receiver dates anew are counted', async () => {
    const result = await compare({ generated: ['{"a":1}'], holdings: [[line('{"a":1}')]], redated: true });
    expect(result.destinations).toMatchObject([{ delivered: 1, redated: 1 }]);
  });

  test('further copies are duplicates, and identical events are not', async () => {
    const twin = '{"a":1}';
    const result = await compare({
      generated: [twin, twin],
      holdings: [[line(twin), line(twin), line(twin)]],
    });
    expect(result).toMatchObject({ generated: 2, delivered: 2, missing: 0, duplicates: 1 });
  });

  test('one copy of two identical events leaves one missing', async () => {
    const twin = '{"a":1}';
    const result = await compare({ generated: [twin, twin], holdings: [[line(twin)]] });
    expect(result).toMatchObject({ delivered: 1, missing: 1 });
  });

  test('an event that is only in quarantine counts as quarantined, for the destination that it was kept for', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: [first, second],
      holdings: [[line(first), line(second)], []],
      quarantined: [
        [first, undefined],
        [second, 'to-1'],
      ],
    });
    expect(result).toMatchObject({ delivered: 0, quarantined: 2, missing: 0 });
    expect(result.destinations).toMatchObject([
      { delivered: 2, quarantined: 0, missing: 0 },
      { delivered: 0, quarantined: 2, missing: 0 },
    ]);
  });

  test('an event whose bytes were changed is altered and missing, whatever its id says', async () => {
    const event = '{"n":12345678901234567890}';
    const changed = line(event).replace('12345678901234567890', '12345678901234567000');
    const result = await compare({ generated: [event], holdings: [[changed]] });
    expect(result).toMatchObject({ delivered: 0, missing: 1 });
    expect(result.destinations).toMatchObject([{ altered: 1 }]);
  });

  test('an event that was never generated and a line without an id are told apart', async () => {
    const result = await compare({ generated: [], holdings: [[line('{"a":1}'), '{"a":1}', 'text']] });
    expect(result.destinations).toMatchObject([{ foreign: 1, altered: 2, delivered: 0, duplicates: 0 }]);
  });

  test('line breaks outside strings may arrive as spaces', async () => {
    const event = '{"a":\r\n1}';
    const delivered = line(event).replace('\r\n', '  ');
    expect(await compare({ generated: [event], holdings: [[delivered]] })).toMatchObject({ delivered: 1 });
  });

  test.each([
    ['an event with a _relay of its own', '{"_relay":{"id":"x"},"a":1}', wrapped],
    ['an element that is no object', '[1,{"event":2}]', wrapped],
    ['an event that only looks wrapped', '{"event":{"a":1}}', line],
    ['an empty event', '{}', () => `{${relay('{}')}}`],
    ['an empty event with a space', '{ }', () => `{ ${relay('{ }')}}`],
    ['an event with every spelling of our members', '{"event":1,"fields":{"event_id":"x"}}', envelope],
  ])('%s is recognised', async (_, event, deliver) => {
    expect(await compare({ generated: [event], holdings: [[deliver(event)]] })).toMatchObject({
      delivered: 1,
      missing: 0,
    });
  });

  test('the longest wait is from the event’s own time to its collection', async () => {
    const event = '{"timestamp":"2026-03-01T00:00:00.000Z"}';
    const result = await compare({ generated: [event], holdings: [[line(event)]] });
    expect(result.destinations[0]?.longestWaitMs).toBe(90_000);
  });

  test('an event that was never journaled is told from one that was', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: [first, second], holdings: [[]], journaled: [second] });
    expect(result).toMatchObject({ generated: 2, collected: 1, missing: 2 });
    expect(result.destinations[0]?.missingEvents).toEqual([
      { id: id(first), journaled: false },
      { id: id(second), journaled: true },
    ]);
  });

  test('an event that was delivered and never journaled is unjournaled, with its batch', async () => {
    const [first, second, third] = ['{"a":1}', '{"a":2}', '{"a":3}'];
    const result = await compare({
      generated: [first, second, third],
      journaled: [first],
      holdings: [
        [line(first), lineLater(second), lineLater(third), lineLater(third)],
        [line(first), lineLater(second), lineLater(third)],
      ],
    });
    expect(result).toMatchObject({ journaled: 1, delivered: 3, unjournaled: 2, missing: 0 });
    expect(result.unjournaledBatches).toEqual([
      { collectedAt: Date.parse(later), ids: [id(second), id(third)] },
    ]);
  });

  test('an event that its own batch’s journal object does not hold is unjournaled', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const held = [line(first), line(second)];
    const result = await compare({ generated: [first, second], journaled: [first], holdings: [held] });
    expect(result).toMatchObject({
      journaled: 1,
      unjournaled: 1,
      unjournaledBatches: [{ ids: [id(second)] }],
    });
  });

  test('of identical events, the one that was not journaled is unjournaled; a further copy of one that was is not', async () => {
    const twin = '{"a":1}';
    const twins = { generated: [twin, twin], journaled: [twin] };
    expect(await compare({ ...twins, holdings: [[line(twin), lineLater(twin)]] })).toMatchObject({
      ...{ journaled: 1, delivered: 2, unjournaled: 1 },
      unjournaledBatches: [{ collectedAt: Date.parse(later) }],
    });
    expect(await compare({ ...twins, holdings: [[line(twin), line(twin)]] })).toMatchObject({
      ...{ journaled: 1, unjournaled: 0, unjournaledBatches: [] },
    });
  });

  test('an event that the journal need not hold any more is not looked for there', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const held = [line(first), lineLater(second)];
    const result = await compare({
      generated: [first, second],
      journaled: [],
      holdings: [held],
      keptSince: later,
    });
    expect(result).toMatchObject({ collected: 2, journaled: 0, delivered: 2, unjournaled: 1 });
  });

  test('an event in an answer that is no array counts as journaled, and a text that only looks like one does not', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const damaged = { generated: [first, second], journaled: [second], inDamaged: [first, '{"b":1}'] };
    expect(await compare({ ...damaged, holdings: [[line(first), line(second)]] })).toMatchObject({
      ...{ generated: 2, collected: 2, journaled: 2, delivered: 2, unjournaled: 0 },
    });
  });

  test('where the generated events are unknown, an event that was delivered and never journaled is found by its own id', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const altered = line('{"a":3}').replace('3', '4');
    const held = [line(first), lineLater(second), altered];
    const result = await compare({ generated: undefined, holdings: [held, held], journaled: [first] });
    expect(result).toMatchObject({
      journaled: 1,
      unjournaled: 1,
      unjournaledBatches: [{ ids: [id(second)] }],
    });
  });

  test('an event that was delivered without a journal was collected all the same', async () => {
    const events = ['{"a":1}', '{"a":2}'];
    const result = await compare({ generated: events, holdings: [events.map(line)], journaled: ['{"a":1}'] });
    expect(result).toMatchObject({ collected: 2, missing: 0 });
  });

  test('an event that was never journaled is owed to those too that are owed what runs name them for', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const only = { generated: [first, second], journaled: [second], owedToLast: second };
    expect(await compare({ ...only, holdings: [[line(second)]] })).toMatchObject({
      delivered: 1,
      missing: 1,
    });
    expect(await compare({ ...only, holdings: [[line(first), line(second)]] })).toMatchObject({
      delivered: 2,
    });
  });

  test('where the generated events are unknown, the collected ones are owed', async () => {
    const [first, second] = ['{"a":1}', '{"a":2}'];
    const result = await compare({
      generated: undefined,
      holdings: [[line(first), line(second)], [line(second)]],
      journaled: [first, second],
    });
    expect(result).toMatchObject({ generated: 2, collected: 2, delivered: 1, missing: 1 });
    expect(result.destinations[1]).toMatchObject({ missingEvents: [{ id: id(first), journaled: true }] });
  });
});

interface Case {
  readonly generated: readonly string[] | undefined;
  readonly holdings: readonly (readonly string[])[];
  readonly quarantined?: readonly (readonly [string, string | undefined])[];
  /** The only event that the last destination is owed. */
  readonly owedToLast?: string;
  /** The only event that is too old for the last destination's receiver. */
  readonly tooOldForLast?: string;
  /** Further ones. */
  readonly alsoTooOldForLast?: readonly string[];
  /** How many late events the run of that event has told of for the last destination; 1, when absent. */
  readonly heldBackForLast?: number;
  /** Events that the last destination's receiver has told of as late. */
  readonly toldForLast?: readonly string[];
  /** The runs of events that share one with another. */
  readonly runs?: Readonly<Record<string, string>>;
  /** Whether the receivers keep every line under another time. */
  readonly redated?: boolean;
  /** What was generated, when absent. */
  readonly journaled?: readonly string[];
  /** What lies in an answer of the journal that is no array. */
  readonly inDamaged?: readonly string[];
  /** Since when the journal keeps what was collected. */
  readonly keptSince?: string;
}

const journaledAt = '2026-03-01T00:01:30.000Z';
const later = '2026-03-01T00:01:31.000Z';

function compare(wanted: Case) {
  const { generated, holdings, quarantined = [], journaled = generated ?? [], owedToLast } = wanted;
  const { inDamaged = [], keptSince, redated, runs = {} } = wanted;
  const { tooOldForLast, alsoTooOldForLast = [], heldBackForLast = 1, toldForLast = [] } = wanted;
  const journal: JournaledEvents = {
    async eachEvent(visit) {
      const batch = { collectedAt: Date.parse(journaledAt), damaged: false };
      for (const raw of journaled) visit(Buffer.from(raw), { ...batch, run: runs[raw] ?? `run of ${raw}` });
      for (const raw of inDamaged)
        visit(Buffer.from(raw), { ...batch, damaged: true, run: 'run of the damaged' });
    },
    ...(keptSince !== undefined && { keptSince: Date.parse(keptSince) }),
  };
  const quarantine: QuarantinedEvents = {
    async eachEvent(visit) {
      for (const [raw, destination] of quarantined) visit(Buffer.from(raw), destination);
    },
  };
  return compareStream({
    generated: generated?.map((event) => Buffer.from(event)),
    holdings: holdings.map(
      (lines, position): Holding => ({
        kind: 's3',
        name: `to-${position}`,
        async eachLine(visit) {
          for (const one of lines) visit(Buffer.from(one), redated);
        },
        ...(tooOldForLast !== undefined &&
          position === holdings.length - 1 && {
            late: {
              isLate: (raw) => [tooOldForLast, ...alsoTooOldForLast].includes(Buffer.from(raw).toString()),
              heldBack: (run) => (run === `run of ${tooOldForLast}` ? heldBackForLast : 0),
              async eachId(visit) {
                for (const event of toldForLast) visit(id(event));
              },
            },
          }),
        ...(owedToLast !== undefined &&
          position === holdings.length - 1 && { owes: (run) => run === `run of ${owedToLast}` }),
      }),
    ),
    quarantine,
    journal,
    digest: id,
  });
}

function id(raw: Uint8Array | string): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 32);
}

function relay(event: string, at = journaledAt): string {
  const member = { type: 'cis', stream: 's', id: id(event), collected_at: at };
  return `"_relay":${JSON.stringify(member)}`;
}

function line(event: string): string {
  return `${event.slice(0, -1)},${relay(event)}}`;
}

/** Of another batch. */
function lineLater(event: string): string {
  return `${event.slice(0, -1)},${relay(event, later)}}`;
}

function wrapped(event: string): string {
  return `{"event":${event},${relay(event)}}`;
}

function envelope(event: string): string {
  const fields = { type: 'cis', stream: 's', event_id: id(event), collected_at: '2026-03-01T00:01:30.000Z' };
  return `{"time":1.5,"host":"h","source":"s","sourcetype":"t","event":${event},"fields":${JSON.stringify(fields)}}`;
}
