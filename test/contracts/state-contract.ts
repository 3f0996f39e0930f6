import { expect, test } from 'vitest';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import type { Meta } from '../../functions/stored/meta-item.ts';
import type { OpenRun } from '../../functions/stored/open-item.ts';
import type { RunId } from '../../functions/stored/run-id.ts';
import type { RunEnd, RunRecord } from '../../functions/stored/run-item.ts';

/** What a form of the State port brings to its contract. */
export interface StateSubject {
  /** The state of a stream that nobody has written yet; it has the type `cis` and the id `relay-cis`. */
  create(): Promise<State>;
  /** Writes what the stream lifecycle, or another version, would have in `META`. */
  prepareMeta(state: State, meta: Pick<Meta, 'schema' | 'retiring'>): Promise<void>;
}

const start = Date.UTC(2026, 2, 1, 9);
const minute = 60_000;
const none = { events: 0, batches: 0, sourceBytes: 0 };

const runOf = (run: string, at = start): RunId => ({ run, startedAt: at });
const leaseOf = (run: string, now = start) => ({ ...runOf(run, now), now, until: now + 6 * minute });
const endOf = (run: RunId): RunEnd => ({
  ...run,
  endedAt: run.startedAt + minute,
  outcome: 'failed',
  code: 'JournalRefused',
  lastNumber: 3,
  caution: true,
  newestEventAt: run.startedAt - 5,
});
const recordOf = (run: RunId): RunRecord => ({
  ...endOf(run),
  batches: 3,
  fullAnswers: 1,
  shortAnswers: 2,
  emptyAnswers: 1,
  events: 2_500,
  sourceBytes: 3_000_000,
  billedBytes: 3_072_000,
  collectMs: 450,
  journalMs: 90,
  deliverMs: 120,
  lost: 0,
  possibleLoss: 1,
  destinations: ['splunk', 's3'],
});
const openOf = (run: string): OpenRun => ({
  ...runOf(run),
  sealAfter: start + 10 * minute,
  done: { splunk: 0, s3: 0 },
  tries: {},
});

/** The suite that every form of the State port passes. */
export function stateContract({ create, prepareMeta }: StateSubject): void {
  test("a destination may be named as any object's members are", async () => {
    const state = await create();
    const open = { ...openOf('a'), done: { constructor: 0 } };
    await state.openRuns.open(open);
    await state.openRuns.recordDone(open, 'constructor', 2);
    expect(await state.tries.countTry(open, 'constructor', 3)).toBe(1);
    const [found] = await state.openRuns.listOpen();
    expect(found?.done).toEqual({ constructor: 2 });
  });

  test('the late events of a destination move with its progress, and only then', async () => {
    const state = await create();
    const open = { ...openOf('a'), late: { s3: 7 } };
    await state.openRuns.open(open);
    await state.tries.countTry(open, 'splunk', 1);
    const record = (number: number, late: number, run = 'a') =>
      state.lateEvents.recordDoneWithLate(runOf(run), 'splunk', number, late);

    expect([await record(2, 3), await record(2, 4), await record(1, 1)]).toEqual([
      'moved',
      'as-far',
      'as-far',
    ]);
    expect(await record(1, 1, 'b')).toBe('gone');
    const done = { splunk: 2, s3: 0 };
    expect(await state.openRuns.listOpen()).toEqual([{ ...open, done, late: { splunk: 3, s3: 7 } }]);
    expect(await record(5, 9)).toBe('moved');
    expect(await state.openRuns.listOpen()).toMatchObject([{ done: { splunk: 5 }, late: { splunk: 9 } }]);
  });

  test('the late events of a record are what a sweep counted on to, and else those of the run', async () => {
    const state = await create();
    const record = { ...recordOf(runOf('a')), late: { splunk: 1, s3: 1 } };
    await state.records.writeRecord(record);
    await state.records.completeRecord({ ...record, late: { splunk: 5 } });
    expect(await state.records.readRecord(record)).toMatchObject({ late: { splunk: 5, s3: 1 } });
  });

  test('a stream without items has no metadata, no open runs and no records', async () => {
    const state = await create();
    expect(await state.meta.readMeta()).toBeUndefined();
    expect(await state.openRuns.listOpen()).toEqual([]);
    expect(await state.records.listRecords({ from: 0, to: start * 2 })).toEqual([]);
    expect(await state.records.readRecord(runOf('a'))).toBeUndefined();
  });

  test('a free lease is granted, and only one of several at once gets it', async () => {
    const state = await create();
    const asked = ['a', 'b', 'c', 'd'].map((run) => state.meta.acquireLease(leaseOf(run)));
    const granted = (await Promise.all(asked)).filter((outcome) => outcome.granted);
    expect(granted).toEqual([{ granted: true, meta: undefined, interrupted: undefined, neverEnded: 0 }]);
    expect(await state.meta.readMeta()).toMatchObject({
      type: 'cis',
      streamId: 'relay-cis',
      schema: 1,
      totals: none,
    });
  });

  test('a lease that is held names its holder until it expires', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    const holder = { ...runOf('a'), until: start + 6 * minute };
    expect(await state.meta.acquireLease(leaseOf('b', start + 6 * minute - 1))).toEqual({
      granted: false,
      holder,
    });
    const later = await state.meta.acquireLease(leaseOf('b', start + 6 * minute));
    expect(later).toMatchObject({ granted: true, interrupted: holder, meta: { lease: holder } });
  });

  test('asking again is granted as the first time, and still names the run that never ended', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    const request = leaseOf('b', start + 10 * minute);
    const first = await state.meta.acquireLease(request);
    expect(await state.meta.acquireLease(request)).toEqual(first);
    expect(first).toMatchObject({ interrupted: { run: 'a' } });
  });

  test('runs that never ended are counted until one ends', async () => {
    const state = await create();
    const asked = ['a', 'b', 'c'].map((run, place) => leaseOf(run, start + place * 10 * minute));
    const counts: (number | undefined)[] = [];
    for (const request of asked) {
      const outcome = await state.meta.acquireLease(request);
      counts.push(outcome.granted ? outcome.neverEnded : undefined);
    }
    expect(counts).toEqual([0, 1, 2]);
    await state.meta.endRun(endOf(runOf('c')), none, undefined);
    expect(await state.meta.acquireLease(leaseOf('d', start + 40 * minute))).toMatchObject({ neverEnded: 0 });
  });

  test('a run that ends frees the lease, leaves its end and adds to the totals', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    expect(
      await state.meta.endRun(endOf(runOf('a')), { events: 5, batches: 1, sourceBytes: 500 }, undefined),
    ).toBe(true);
    const next = await state.meta.acquireLease(leaseOf('b', start + minute));
    expect(next).toMatchObject({
      granted: true,
      interrupted: undefined,
      meta: { lastEnd: endOf(runOf('a')) },
    });
    await state.meta.endRun(endOf(runOf('b')), { events: 2, batches: 1, sourceBytes: 250 }, undefined);
    const meta = await state.meta.readMeta();
    expect(meta?.totals).toEqual({ events: 7, batches: 2, sourceBytes: 750 });
    expect(meta?.lease).toBeUndefined();
  });

  test('ending twice counts once', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    await state.meta.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined);
    expect(await state.meta.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined)).toBe(true);
    expect((await state.meta.readMeta())?.totals.events).toBe(5);
  });

  test('a run whose lease another run took cannot end', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    await state.meta.acquireLease(leaseOf('b', start + 10 * minute));
    expect(await state.meta.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined)).toBe(false);
    expect(await state.meta.readMeta()).toMatchObject({ lease: { run: 'b' }, totals: none });
  });

  test('the end kept with the metadata is a run’s end and not its record', async () => {
    const state = await create();
    await state.meta.acquireLease(leaseOf('a'));
    await state.meta.endRun(recordOf(runOf('a')), none, undefined);
    expect((await state.meta.readMeta())?.lastEnd).toEqual(endOf(runOf('a')));
  });

  test('metadata of a newer version is refused and left as it is', async () => {
    const state = await create();
    await prepareMeta(state, { schema: 2, retiring: [] });
    await expect(state.meta.acquireLease(leaseOf('a'))).rejects.toMatchObject({
      code: 'TableFromNewerVersion',
    });
    await expect(state.meta.readMeta()).rejects.toMatchObject({ code: 'TableFromNewerVersion' });
  });

  test('an open run is written once', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    await state.openRuns.open({ ...openOf('a'), sealAfter: 1 });
    await state.openRuns.open(openOf('b'));
    expect(byRun(await state.openRuns.listOpen())).toEqual([openOf('a'), openOf('b')]);
  });

  test('done only grows, each destination for itself', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    await state.openRuns.recordDone(runOf('a'), 'splunk', 4);
    await state.openRuns.recordDone(runOf('a'), 'splunk', 2);
    await state.openRuns.recordDone(runOf('a'), 'new-one', 1);
    expect(await state.openRuns.listOpen()).toMatchObject([{ done: { splunk: 4, s3: 0, 'new-one': 1 } }]);
  });

  test('nothing that is written late brings a closed run back', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    await state.openRuns.close(runOf('a'));
    await state.openRuns.close(runOf('a'));
    const written = [
      await state.openRuns.recordDone(runOf('a'), 's3', 7),
      await state.openRuns.recordLost(runOf('a'), 's3', 7, 1),
      await state.openRuns.recordBatches(runOf('a'), 7),
      await state.openRuns.seal(runOf('a'), start, 7),
    ];
    expect(written).toEqual([false, false, false, false]);
    await state.openRuns.countBatches(runOf('a'), 7);
    await state.tries.clearTries(runOf('a'), 's3');
    expect(await state.tries.countTry(runOf('a'), 's3', 7)).toBe(0);
    expect(await state.openRuns.listOpen()).toEqual([]);
  });

  test('sealing sets when a run may be swept, and which batch is its last', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    await state.openRuns.seal(runOf('a'), start + 1, 3);
    expect(await state.openRuns.listOpen()).toEqual([
      { ...openOf('a'), sealAfter: start + 1, lastNumber: 3, counted: true },
    ]);
  });

  test('the number of batches only grows, and is final when it is counted or sealed', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    const batches = async () => {
      const [open] = await state.openRuns.listOpen();
      return [open?.lastNumber, open?.counted];
    };
    expect(await batches()).toEqual([undefined, undefined]);
    expect([await state.openRuns.recordBatches(runOf('a'), 0), await batches()]).toEqual([true, [0, false]]);
    expect([await state.openRuns.recordBatches(runOf('a'), 4), await batches()]).toEqual([true, [4, false]]);
    expect([await state.openRuns.recordBatches(runOf('a'), 2), await batches()]).toEqual([true, [4, false]]);
    await state.openRuns.countBatches(runOf('a'), 3);
    expect(await batches()).toEqual([4, false]);
    await state.openRuns.countBatches(runOf('a'), 5);
    expect(await batches()).toEqual([5, true]);
    await state.openRuns.recordBatches(runOf('a'), 6);
    expect(await batches()).toEqual([6, true]);
  });

  test('progress of a destination forgets its tries, and no other destination’s', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    for (const destination of ['s3', 'splunk']) await state.tries.countTry(runOf('a'), destination, 1);
    expect(await state.openRuns.recordDone(runOf('a'), 's3', 1)).toBe(true);
    const [open] = await state.openRuns.listOpen();
    expect(open!.done).toEqual({ s3: 1, splunk: 0 });
    expect(open!.tries).toEqual({ splunk: { number: 1, count: 1 } });
  });

  test('batches that a destination passes as lost are added up, once for each time that it gets further', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    for (const number of [3, 3, 2])
      expect(await state.openRuns.recordLost(runOf('a'), 's3', number, 2)).toBe(true);
    await state.openRuns.recordLost(runOf('a'), 'splunk', 4, 1);
    expect(await state.openRuns.listOpen()).toMatchObject([{ done: { s3: 3, splunk: 4 }, lost: 3 }]);
  });

  test('the next batch size is kept with the end, and forgotten when the setting holds again', async () => {
    const state = await create();
    const asking = { batchSize: 40, ceiling: { batchSize: 80, until: start + 60 * minute } };
    await state.meta.acquireLease(leaseOf('a'));
    await state.meta.endRun(endOf(runOf('a')), none, asking);
    expect((await state.meta.readMeta())?.asking).toEqual(asking);
    await state.meta.acquireLease(leaseOf('b', start + minute));
    await state.meta.endRun(endOf(runOf('b')), none, undefined);
    expect((await state.meta.readMeta())?.asking).toBeUndefined();
  });

  test('tries are counted for one batch of a destination, and anew for the next', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    const counted = (destination: string, number: number) =>
      state.tries.countTry(runOf('a'), destination, number);
    expect([await counted('s3', 1), await counted('s3', 1), await counted('splunk', 1)]).toEqual([1, 2, 1]);
    expect([await counted('s3', 2), await counted('s3', 2), await counted('s3', 2)]).toEqual([1, 2, 3]);
    expect(await state.openRuns.listOpen()).toMatchObject([
      { tries: { s3: { number: 2, count: 3 }, splunk: { number: 1, count: 1 } } },
    ]);
  });

  test('tries that are cleared start again, those of other destinations stay', async () => {
    const state = await create();
    await state.openRuns.open(openOf('a'));
    for (const destination of ['s3', 'splunk']) await state.tries.countTry(runOf('a'), destination, 1);
    await state.tries.clearTries(runOf('a'), 's3');
    expect(await state.openRuns.listOpen()).toMatchObject([{ tries: { splunk: { number: 1, count: 1 } } }]);
    expect(await state.tries.countTry(runOf('a'), 's3', 1)).toBe(1);
  });

  test('a record is written once and read back whole', async () => {
    const state = await create();
    await state.records.writeRecord(recordOf(runOf('a')));
    await state.records.writeRecord({ ...recordOf(runOf('a')), outcome: 'swept' });
    expect(await state.records.readRecord(runOf('a'))).toEqual(recordOf(runOf('a')));
  });

  test('a record is completed where it is, or written complete where it is not', async () => {
    const state = await create();
    await state.records.writeRecord({ ...recordOf(runOf('a')), complete: false });
    const sweptAt = start + 30 * minute;
    await state.records.completeRecord({
      ...recordOf(runOf('a')),
      ...{ outcome: 'swept', lost: 2, endedAt: sweptAt },
    });
    await state.records.completeRecord({ ...recordOf(runOf('b')), outcome: 'swept', complete: true });
    expect(await state.records.readRecord(runOf('a'))).toEqual({
      ...recordOf(runOf('a')),
      complete: true,
      lost: 2,
      sweptAt,
    });
    expect(await state.records.readRecord(runOf('b'))).toMatchObject({ outcome: 'swept', complete: true });
  });

  test('a record without destinations is read back without them', async () => {
    const state = await create();
    const { destinations: _, ...before } = recordOf(runOf('a'));
    await state.records.writeRecord(before);
    await state.records.writeRecord({ ...recordOf(runOf('b', start + minute)), destinations: [] });
    const [untold, none] = await state.records.listRecords({ from: start, to: start + 2 * minute });
    expect(untold).not.toHaveProperty('destinations');
    expect(none?.destinations).toEqual([]);
  });

  test('records are listed by when their runs started, the end of the range left out', async () => {
    const state = await create();
    for (const [run, at] of [
      ['late', 30],
      ['second', 20],
      ['first', 10],
      ['twin', 20],
      ['early', 9],
    ] as const) {
      await state.records.writeRecord(recordOf(runOf(run, start + at)));
    }
    const listed = await state.records.listRecords({ from: start + 10, to: start + 30 });
    expect(listed.map(({ run }) => run)).toEqual(['first', 'second', 'twin']);
  });

  test('an audit is remembered, also before the first run', async () => {
    const state = await create();
    await state.meta.beginAudit('one');
    expect(await state.meta.endAudit('one', start)).toBe(true);
    expect(await state.meta.readMeta()).toMatchObject({ auditedAt: start, totals: none, schema: 1 });
    await state.meta.acquireLease(leaseOf('a'));
    expect(await state.meta.readMeta()).toMatchObject({
      auditedAt: start,
      streamId: 'relay-cis',
      lease: { run: 'a' },
    });
  });

  test('an audit that another one has overtaken is not remembered, and asking twice is one answer', async () => {
    const state = await create();
    expect(await state.meta.beginAudit('one')).toBeUndefined();
    await state.meta.beginAudit('two');
    expect(await state.meta.endAudit('one', start)).toBe(false);
    expect((await state.meta.readMeta())?.auditedAt).toBeUndefined();
    expect(await state.meta.endAudit('two', start + 1)).toBe(true);
    expect(await state.meta.endAudit('two', start + 1)).toBe(true);
    expect((await state.meta.readMeta())?.auditedAt).toBe(start + 1);
    expect(await state.meta.beginAudit('three')).toBe(start + 1);
  });

  test('how far a witness has compared is remembered and only grows', async () => {
    const state = await create();
    await state.meta.markCompared(start + minute);
    await state.meta.markCompared(start);
    expect(await state.meta.readMeta()).toMatchObject({
      comparedUntil: start + minute,
      totals: none,
      schema: 1,
    });
  });

  test('a retired stream is forgotten, the others stay', async () => {
    const state = await create();
    const retiring = ['one', 'two', 'three'].map((streamId, i) => ({ streamId, since: start + i }));
    await prepareMeta(state, { schema: 1, retiring });
    await state.retiring.markEmpty('three', start + 5);
    await state.retiring.retire('two');
    await state.retiring.markEmpty('three', start + 5);
    await state.retiring.retire('two');
    await state.retiring.retire('unknown');
    await state.retiring.markEmpty('unknown', start);
    const left = async () => (await state.meta.readMeta())?.retiring;
    expect(await left()).toEqual([retiring[0], { ...retiring[2], emptySince: start + 5 }]);
    await state.retiring.markEmpty('three', undefined);
    expect(await left()).toEqual([retiring[0], retiring[2]]);

    const asking = { batchSize: 5, ceiling: { batchSize: 5, until: start + 9 }, restUntil: start + 9 };
    await state.retiring.keepAsking('three', asking);
    await state.retiring.keepAsking('unknown', asking);
    expect(await left()).toEqual([retiring[0], { ...retiring[2], asking }]);
    await state.retiring.keepAsking('three', undefined);
    expect(await left()).toEqual([retiring[0], retiring[2]]);
  });

  test('streams do not see each other', async () => {
    const [one, other] = [await create(), await create()];
    await one.meta.acquireLease(leaseOf('a'));
    await one.openRuns.open(openOf('a'));
    await one.records.writeRecord(recordOf(runOf('a')));
    expect(await other.meta.readMeta()).toBeUndefined();
    expect(await other.openRuns.listOpen()).toEqual([]);
    expect(await other.records.listRecords({ from: 0, to: start * 2 })).toEqual([]);
  });
}

function byRun(open: readonly OpenRun[]): OpenRun[] {
  return open.toSorted((a, b) => (a.run < b.run ? -1 : 1));
}
