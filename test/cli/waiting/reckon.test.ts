import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMarks } from '../../../cli/replay/marks.ts';
import type { DeliveryFacts } from '../../../cli/waiting/delivery-facts.ts';
import { type Reckoning, reckonStream } from '../../../cli/waiting/reckon.ts';
import { isTrouble, verdictOnDestination } from '../../../cli/waiting/verdict.ts';
import { writeJournalKey } from '../../../functions/stored/journal-key.ts';
import { writeBatchMetadata } from '../../../functions/stored/journaled-batch.ts';
import type { OpenRun } from '../../../functions/stored/open-item.ts';
import { writeQuarantineMetadata } from '../../../functions/stored/quarantine-entry.ts';
import { writeQuarantineKey } from '../../../functions/stored/quarantine-key.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { createMemoryBucket } from './memory-bucket.ts';

const now = Date.parse('2026-03-02T12:00:00Z');
const minute = 60_000;
const day = '2026-03-02';
const names = ['siem', 'lake'] as const;
type Name = (typeof names)[number];

/** A state of bucket, table and queues, in the words of the test alone. */
interface Drawn {
  /** Events of each batch of a run, and how many batches each destination has. */
  readonly runs: readonly {
    readonly batches: readonly number[];
    readonly done: Readonly<Record<Name, number>>;
    readonly sealed: boolean;
  }[];
  /** Objects that Firehose wrote: copies of everything, and those that a replay has sent, are owed to nobody. */
  readonly backups: readonly {
    readonly of: Name;
    readonly lines: number;
    readonly gzip: boolean;
    readonly fate: 'waits' | 'copy' | 'replayed';
    readonly ageMinutes: number;
  }[];
  readonly quarantined: readonly {
    readonly of: Name | undefined;
    /** `undefined`: an answer that is no list, so that nobody knows how many events it holds. */
    readonly events: number | undefined;
    readonly ageMinutes: number;
  }[];
  /** Messages to the copier of `lake`, each of one object of so many lines. */
  readonly queued: number;
  readonly deadLetters: number;
  readonly linesOfObject: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  runs: fc.array(
    fc.record({
      batches: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }),
      done: fc.record({ siem: fc.integer({ min: 0, max: 4 }), lake: fc.integer({ min: 0, max: 4 }) }),
      sealed: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
  backups: fc.oneof(
    fc.array(backup(), { maxLength: 6 }),
    // More than are read.
    fc.array(backup(), { minLength: 110, maxLength: 260, size: 'max' }),
  ),
  quarantined: fc.array(
    fc.record({
      of: fc.constantFrom<(Name | undefined)[]>('siem', 'lake', undefined),
      events: fc.constantFrom<(number | undefined)[]>(1, 3, undefined),
      ageMinutes: fc.integer({ min: 1, max: 600 }),
    }),
    { maxLength: 3 },
  ),
  queued: fc.constantFrom(0, 0, 1, 7),
  deadLetters: fc.constantFrom(0, 0, 2),
  linesOfObject: fc.integer({ min: 1, max: 9 }),
});

function backup(): fc.Arbitrary<Drawn['backups'][number]> {
  return fc.record({
    of: fc.constantFrom(...names),
    lines: fc.integer({ min: 1, max: 4 }),
    gzip: fc.boolean(),
    fate: fc.constantFrom('waits' as const, 'waits' as const, 'copy' as const, 'replayed' as const),
    ageMinutes: fc.integer({ min: 1, max: 600 }),
  });
}

/** What waits for a destination, reckoned without reading anything. */
function truthOf(name: Name, state: Drawn) {
  const owed = state.runs.flatMap(({ batches, done }) => batches.slice(done[name]));
  const backups = state.backups.filter(({ of, fate }) => of === name && fate === 'waits');
  const quarantined = state.quarantined.filter(({ of }) => of === undefined || of === name);
  const messages = name === 'lake' ? state.queued + state.deadLetters : 0;
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  return {
    events:
      sum(owed) +
      sum(backups.map(({ lines }) => lines)) +
      sum(quarantined.map(({ events = 1 }) => events)) +
      messages * state.linesOfObject,
    isUncountable: quarantined.some(({ events }) => events === undefined),
    needsSomebody: backups.length + quarantined.length > 0 || (name === 'lake' && state.deadLetters > 0),
    isLeft: state.runs.some(({ batches, done, sealed }) => sealed && batches.length > done[name]),
    oldestMinutes: Math.max(
      0,
      ...[...backups, ...quarantined].map(({ ageMinutes }) => ageMinutes),
      ...(owed.length > 0 ? [20] : []),
    ),
    objects: backups.length,
  };
}

const relayedLine = (number: number, collectedAt: number) =>
  `{"n":${number},"_relay":{"id":"${'0'.repeat(32)}","collected_at":"${new Date(collectedAt).toISOString()}"}}`;
const ago = (minutes: number) => now - minutes * minute;

async function reckoned(
  state: Drawn,
  facts: Partial<DeliveryFacts> = {},
  records: readonly RunRecord[] = [],
) {
  const bucket = createMemoryBucket();
  const plain = (body: string) => ({ body: Buffer.from(body), metadata: {} });
  const open = state.runs.map(({ batches, done, sealed }, index): OpenRun => {
    const run = `run-${index}`;
    for (const [at, events] of batches.entries()) {
      const key = writeJournalKey({ streamName: 'cis', day, run, number: at + 1 }, 'identity');
      const metadata = writeBatchMetadata({
        collectedAt: ago(20),
        stream: 'id',
        cutOff: false,
        encoding: 'identity',
      });
      const body = Buffer.from(`[${Array.from({ length: events }, (_, n) => `{"n":${n}}`).join(',')}]`);
      bucket.write(key, { body, metadata }, ago(20));
    }
    return { run, startedAt: ago(20), sealAfter: sealed ? ago(1) : now + minute, done, tries: {} };
  });
  for (const [index, { of, lines, gzip, fate, ageMinutes }] of state.backups.entries()) {
    const record = Array.from({ length: lines }, (_, n) => relayedLine(n, ago(ageMinutes))).join('\n');
    const error = `{"errorCode":"x","rawData":"${Buffer.from(record).toString('base64')}"}\n`;
    const folder = fate === 'copy' ? 'everything' : 'splunk-failed';
    const key = `backup/cis/${of}/${folder}/dt=${day}/${String(index).padStart(4, '0')}`;
    const body = gzip ? gzipSync(error) : Buffer.from(error);
    bucket.write(key, { body, metadata: {} }, ago(ageMinutes) + minute);
    if (fate === 'replayed') bucket.write(`replayed/marks/cis/${of}/${key}`, plain('{}'), now);
  }
  for (const [index, { of, events, ageMinutes }] of state.quarantined.entries()) {
    const reason = events === undefined ? 'not-an-array' : 'delivery-crashed-five-times';
    const body =
      events === undefined ? '{"a":1}' : `[${Array.from({ length: events }, () => '{}').join(',')}]`;
    const key = { streamName: 'cis', day, run: `bad-${index}`, number: 1, ...(of && { destination: of }) };
    const facts = { reason, collectedAt: ago(ageMinutes), stream: 'id', encoding: 'identity' } as const;
    const object = { body: Buffer.from(body), metadata: writeQuarantineMetadata(facts) };
    bucket.write(writeQuarantineKey(key, 'identity'), object, ago(ageMinutes) + minute);
  }
  const delivered = Array.from({ length: state.linesOfObject }, (_, n) => relayedLine(n, ago(2))).join('\n');
  bucket.write('delivered/cis/lake/object', plain(delivered), ago(2));
  const told = { metricsRead: true, copiesRefused: 0, toldAt: ago(1), queued: 0, deadLetters: 0, ...facts };
  const lake = { ...told, queued: state.queued, deadLetters: state.deadLetters };
  const reckoning = await reckonStream({
    streamName: 'cis',
    destinations: names,
    bucket,
    marks: createMarks(bucket, 'cis', () => now),
    known: new Map(),
    open,
    records,
    facts: new Map([
      ['siem', told],
      ['lake', lake],
    ]),
    now,
  });
  const verdict = (name: Name) =>
    verdictOnDestination(reckoning.destinations.get(name)!, name === 'lake' ? lake : told, {
      alarms: [],
      now,
    });
  return { of: (name: Name): Reckoning => reckoning.destinations.get(name)!, verdict, bucket };
}

const nothing: Drawn = {
  runs: [],
  backups: [],
  quarantined: [],
  queued: 0,
  deadLetters: 0,
  linesOfObject: 1,
};

describe('a destination is never reckoned healthier than it is', () => {
  test('over drawn states of bucket, table and queues', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (state) => {
        const { of, verdict } = await reckoned(state);
        for (const name of names) {
          const truth = truthOf(name, state);
          const { waiting, oldestAt = Number.POSITIVE_INFINITY } = of(name);
          const said = { waiting, truth, name };
          if (waiting.known === 'exactly') expect(waiting.events, JSON.stringify(said)).toBe(truth.events);
          // Objects differ in how many events they hold a byte, and compressed ones most.
          if (waiting.known === 'about') {
            expect(waiting.events).toBeGreaterThan(truth.events / 3);
            expect(waiting.events).toBeLessThan(truth.events * 3);
            expect(truth.objects > 100 || state.queued + state.deadLetters > 0).toBe(true);
          }
          if (waiting.known === 'atLeast') {
            expect(truth.isUncountable).toBe(true);
            expect(waiting.events).toBeGreaterThan(0);
          }
          if (truth.events > 0) expect(waiting.events).toBeGreaterThan(0);
          if (truth.needsSomebody) expect(verdict(name)).toBe('waiting for you');
          if (truth.isLeft) expect(isTrouble(verdict(name)), JSON.stringify(said)).toBe(true);
          if (truth.events === 0) expect(verdict(name)).toBe('ok');
          if (truth.oldestMinutes > 0) expect(oldestAt).toBeLessThanOrEqual(ago(truth.oldestMinutes));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('an object that cannot be read counts as one event at least', async () => {
    const waits = { of: 'siem', lines: 3, gzip: false, fate: 'waits', ageMinutes: 5 } as const;
    const { bucket, of } = await reckoned({ ...nothing, backups: [waits] });
    expect(of('siem').waiting).toEqual({ events: 3, known: 'exactly' });
    const broken = { ...bucket, get: () => Promise.reject(new Error('damaged')) };
    const { destinations } = await reckonStream({
      streamName: 'cis',
      destinations: ['siem'],
      bucket: broken,
      marks: createMarks(bucket, 'cis', () => now),
      known: new Map(),
      open: [],
      records: [],
      facts: new Map(),
      now,
    });
    expect(destinations.get('siem')?.waiting).toEqual({ events: 1, known: 'atLeast' });
  });

  test('a hundred backups of a destination are read, and the others are reckoned by their size', async () => {
    const waits = { of: 'siem', lines: 3, gzip: false, fate: 'waits', ageMinutes: 5 } as const;
    const { bucket, of } = await reckoned({ ...nothing, backups: Array.from({ length: 250 }, () => waits) });

    expect(of('siem').waiting).toEqual({ events: 750, known: 'about' });
    expect(bucket.reads).toBe(100);
  });
});

describe('what Firehose holds', () => {
  const record = (endedAt: number, events = 100): RunRecord => ({
    run: `run-${endedAt}`,
    startedAt: endedAt - minute,
    endedAt,
    outcome: 'drained',
    lastNumber: 1,
    caution: false,
    complete: true,
    batches: 1,
    fullAnswers: 0,
    shortAnswers: 1,
    emptyAnswers: 0,
    events,
    sourceBytes: 1,
    billedBytes: 1,
    collectMs: 1,
    journalMs: 1,
    deliverMs: 1,
    lost: 0,
    possibleLoss: 0,
  });

  test('is about what runs have put since its last delivery', async () => {
    const { of, verdict } = await reckoned(nothing, { toldAt: ago(10) }, [record(ago(12)), record(ago(4))]);
    expect(of('siem').waiting).toEqual({ events: 100, known: 'about' });
    expect(of('siem').oldestAt).toBe(ago(4));
    expect(verdict('siem')).toBe('ok');
  });

  test('is nothing of what was put until the end of a minute in which it delivered all of that', async () => {
    const drained = { toldAt: ago(4), drained: true, freshnessMs: 2 * minute };
    const before = await reckoned(nothing, drained, [record(ago(4))]);
    const after = await reckoned(nothing, drained, [record(ago(4)), record(ago(2))]);
    expect(before.of('siem').waiting.events).toBe(0);
    expect(after.of('siem').waiting).toEqual({ events: 100, known: 'about' });
  });

  test('is everything since its oldest record while attempts fail', async () => {
    const failing = { toldAt: ago(2), deliverySuccess: 0, freshnessMs: 90 * minute };
    const { of, verdict } = await reckoned(nothing, failing, [record(ago(91)), record(ago(4))]);
    expect(of('siem').waiting).toEqual({ events: 200, known: 'about' });
    expect(of('siem').oldestAt).toBe(ago(92));
    expect(verdict('siem')).toBe('failing');
  });

  test('is behind where it has told of no attempt for longer than its buffer', async () => {
    const { verdict } = await reckoned(nothing, { toldAt: ago(100) }, [record(ago(40))]);
    expect(verdict('siem')).toBe('behind');
  });

  test('is not what a view leaves out or a removed destination got', async () => {
    const views = { siem: { events: 100, dropped: 60, refused: 0, rules: {} } };
    const { of } = await reckoned(nothing, { toldAt: ago(10) }, [
      { ...record(ago(4)), views, destinations: ['siem'] },
    ]);
    expect(of('siem').waiting.events).toBe(40);
    expect(of('lake').waiting.events).toBe(0);
    expect(of('siem').lastDay).toMatchObject({ collected: { events: 100 }, dropped: { events: 60 } });
  });
});
