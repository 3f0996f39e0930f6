import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isItemKey } from '../../../functions/stored/item-keys.ts';
import { keptKey } from '../../../functions/stored/kept-delivery.ts';
import { metaKey, readMeta } from '../../../functions/stored/meta-item.ts';
import {
  openKey,
  openKeys,
  readOpenKey,
  readOpenRun,
  readUnfinishedRun,
  writeOpenRun,
} from '../../../functions/stored/open-item.ts';
import {
  type RunRecord,
  readRun,
  runKey,
  runKeys,
  runPrefix,
  writeRun,
} from '../../../functions/stored/run-item.ts';
import { itemKey, type StreamItem } from '../../../functions/stored/stream-item.ts';
import {
  type KnownStream,
  readKnownStream,
  writeKnownStream,
} from '../../../functions/stored/stream-register.ts';
import { anyName } from './hostile-names.ts';

/** The client's `unmarshall` loses a member of this name, which no settings take for a destination either. */
const anyDestination = anyName.filter((name) => name !== '__proto__');
const anyTime = fc.integer({ min: 0, max: 4_000_000_000_000 });
const anyCount = fc.nat();

/** What DynamoDB gives back of an item. */
function stored(streamName: string, item: string, attributes: StreamItem): StreamItem {
  return unmarshall(
    marshall(
      { ...itemKey(streamName, item), ...attributes },
      { removeUndefinedValues: true, convertClassInstanceToMap: true },
    ),
  );
}

test('an open run is read as it was written', () => {
  const open = fc.record(
    {
      run: anyName,
      startedAt: anyTime,
      sealAfter: anyTime,
      done: fc.dictionary(anyDestination, anyCount),
      tries: fc.dictionary(anyDestination, fc.record({ number: anyCount, count: anyCount })),
      lastNumber: anyCount,
      counted: fc.boolean(),
      lost: anyCount,
      owedSince: anyTime,
    },
    { requiredKeys: ['run', 'startedAt', 'sealAfter', 'done', 'tries'], noNullPrototype: true },
  );
  fc.assert(
    fc.property(anyName, open, (streamName, run) => {
      const item = stored(streamName, openKey(run), writeOpenRun(run));

      expect(readOpenRun(item)).toEqual(run);
      const { done, counted, lastNumber = Number.POSITIVE_INFINITY } = run;
      expect(readUnfinishedRun(item)).toEqual({
        stream: streamName,
        run: run.run,
        sealAfter: run.sealAfter,
        since: run.owedSince ?? run.startedAt,
        lacking: Object.keys(done).filter((name) => counted !== true || done[name]! < lastNumber),
      });
      expect(readOpenKey(openKey(run))).toBe(run.run);
    }),
  );
});

const record: RunRecord = {
  run: 'run-1',
  startedAt: Date.UTC(2026, 2, 1, 12),
  endedAt: Date.UTC(2026, 2, 1, 12, 1),
  outcome: 'drained',
  lastNumber: 3,
  caution: false,
  complete: true,
  batches: 3,
  fullAnswers: 2,
  shortAnswers: 1,
  emptyAnswers: 2,
  events: 2_100,
  sourceBytes: 3_000_000,
  billedBytes: 3_100_000,
  collectMs: 900,
  journalMs: 90,
  deliverMs: 300,
  lost: 0,
  possibleLoss: 0,
  destinations: ['splunk'],
};

describe('the record of a run', () => {
  test('is read as it was written, and expires after the days that it is kept', () => {
    const item = stored('relay-cis', runKey(record), writeRun(record, 37 * 86_400));

    expect(readRun(item)).toEqual(record);
    expect(item.expiresAt).toBe(record.startedAt / 1_000 + 37 * 86_400);
  });

  test('of a version that knew no possible loss has none', () => {
    const { possibleLoss: _, ...old } = record;

    expect(readRun(stored('relay-cis', runKey(record), old))).toEqual(record);
  });

  test('lies within the range of its start alone', () => {
    fc.assert(
      fc.property(anyTime, anyTime, anyTime, fc.uuid(), (startedAt, from, to, run) => {
        const [first, last] = runKeys(from, to);
        const key = runKey({ startedAt, run });

        expect(first <= key && key <= last).toBe(from <= startedAt && startedAt < to);
      }),
    );
  });
});

test('the keys of the four kinds of items are told apart', () => {
  const keptItem = String(keptKey({ streamName: 'cis', destination: 's3', mark: '0a1b2c3d' }).item);
  fc.assert(
    fc.property(fc.uuid(), anyTime, (run, startedAt) => {
      const [first, last] = openKeys;
      const ids = { run, startedAt };

      expect([metaKey, openKey(ids), runKey(ids), keptItem].map(isItemKey)).toEqual([true, true, true, true]);
      expect([metaKey, openKey(ids), runKey(ids)].map((key) => first <= key && key <= last)).toEqual([
        false,
        true,
        false,
      ]);
      expect(readOpenKey(runKey(ids))).toBeUndefined();
      expect(runKey(ids).startsWith(runPrefix)).toBe(true);
    }),
  );
  expect(isItemKey('OPENING')).toBe(false);
});

test('META of a newer version is refused by name', () => {
  const item = stored('relay-cis', metaKey, { schema: 2 });

  expect(() => readMeta(item, { type: 'cis', streamId: 'id' })).toThrow(
    expect.objectContaining({ code: 'TableFromNewerVersion' }),
  );
});

test('what the lifecycle knows of a stream is read as it was written', () => {
  const named = fc.record({ streamId: anyName, found: fc.boolean() });
  const opened = fc.record(
    { managed: fc.constant(true), enrichment: fc.boolean(), retentionDays: anyCount, found: fc.boolean() },
    { requiredKeys: ['managed', 'enrichment', 'found'] },
  );
  const retiring = fc.record(
    { streamId: anyName, since: anyTime, emptySince: anyTime },
    { requiredKeys: ['streamId', 'since'] },
  );
  const known: fc.Arbitrary<KnownStream> = fc.record(
    {
      type: fc.constantFrom('cis', 'risk'),
      streamId: anyName,
      retiring: fc.array(retiring),
      former: fc.array(named),
      opened,
      removed: fc.constantFrom('kept' as const, 'deleted' as const),
    },
    { requiredKeys: ['type', 'streamId', 'retiring', 'former'] },
  );
  fc.assert(
    fc.property(known, (stream) => {
      const item = stored('relay-cis', metaKey, written(writeKnownStream(stream, undefined)));

      expect(readKnownStream(item)).toEqual({ opened: undefined, ...stream });
    }),
  );
});

/** The attributes that an update of the lifecycle sets. */
function written({ update, names, values }: ReturnType<typeof writeKnownStream>): StreamItem {
  const [, set = ''] = /^SET (.*?)(?: REMOVE .*)?$/.exec(update) ?? [];
  return Object.fromEntries(
    set.split(/, (?=#?\w+ =)/).map((assignment) => {
      const [name = '', value = ''] = assignment.split(' = ');
      return [names?.[name] ?? name, values?.[/:\w+/.exec(value)?.[0] ?? '']];
    }),
  );
}
