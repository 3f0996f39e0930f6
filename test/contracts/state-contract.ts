import { expect, test } from 'vitest';
import type { State } from '../../functions/collector/ports.ts';
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
    await state.open(open);
    await state.recordDone(open, 'constructor', 2);
    expect(await state.countTry(open, 'constructor', 3)).toBe(1);
    const [found] = await state.listOpen();
    expect(found?.done).toEqual({ constructor: 2 });
  });

  test('a stream that nobody wrote has no metadata, no open runs and no records', async () => {
    const state = await create();
    expect(await state.readMeta()).toBeUndefined();
    expect(await state.listOpen()).toEqual([]);
    expect(await state.listRecords({ from: 0, to: start * 2 })).toEqual([]);
    expect(await state.readRecord(runOf('a'))).toBeUndefined();
  });

  test('a free lease is granted, and only one of several at once gets it', async () => {
    const state = await create();
    const asked = ['a', 'b', 'c', 'd'].map((run) => state.acquireLease(leaseOf(run)));
    const granted = (await Promise.all(asked)).filter((outcome) => outcome.granted);
    expect(granted).toEqual([{ granted: true, meta: undefined, interrupted: undefined, neverEnded: 0 }]);
    expect(await state.readMeta()).toMatchObject({
      type: 'cis',
      streamId: 'relay-cis',
      schema: 1,
      totals: none,
    });
  });

  test('a lease that is held names its holder until it expires', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    const holder = { ...runOf('a'), until: start + 6 * minute };
    expect(await state.acquireLease(leaseOf('b', start + 6 * minute - 1))).toEqual({
      granted: false,
      holder,
    });
    const later = await state.acquireLease(leaseOf('b', start + 6 * minute));
    expect(later).toMatchObject({ granted: true, interrupted: holder, meta: { lease: holder } });
  });

  test('asking again is granted as the first time, and still names the run that never ended', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    const request = leaseOf('b', start + 10 * minute);
    const first = await state.acquireLease(request);
    expect(await state.acquireLease(request)).toEqual(first);
    expect(first).toMatchObject({ interrupted: { run: 'a' } });
  });

  test('runs that never ended are counted until one ends', async () => {
    const state = await create();
    const asked = ['a', 'b', 'c'].map((run, place) => leaseOf(run, start + place * 10 * minute));
    const counts: (number | undefined)[] = [];
    for (const request of asked) {
      const outcome = await state.acquireLease(request);
      counts.push(outcome.granted ? outcome.neverEnded : undefined);
    }
    expect(counts).toEqual([0, 1, 2]);
    await state.endRun(endOf(runOf('c')), none, undefined);
    expect(await state.acquireLease(leaseOf('d', start + 40 * minute))).toMatchObject({ neverEnded: 0 });
  });

  test('a run that ends frees the lease, leaves its end and adds to the totals', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    expect(
      await state.endRun(endOf(runOf('a')), { events: 5, batches: 1, sourceBytes: 500 }, undefined),
    ).toBe(true);
    const next = await state.acquireLease(leaseOf('b', start + minute));
    expect(next).toMatchObject({
      granted: true,
      interrupted: undefined,
      meta: { lastEnd: endOf(runOf('a')) },
    });
    await state.endRun(endOf(runOf('b')), { events: 2, batches: 1, sourceBytes: 250 }, undefined);
    const meta = await state.readMeta();
    expect(meta?.totals).toEqual({ events: 7, batches: 2, sourceBytes: 750 });
    expect(meta?.lease).toBeUndefined();
  });

  test('ending twice counts once', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    await state.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined);
    expect(await state.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined)).toBe(true);
    expect((await state.readMeta())?.totals.events).toBe(5);
  });

  test('a run whose lease another took cannot end', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    await state.acquireLease(leaseOf('b', start + 10 * minute));
    expect(await state.endRun(endOf(runOf('a')), { ...none, events: 5 }, undefined)).toBe(false);
    expect(await state.readMeta()).toMatchObject({ lease: { run: 'b' }, totals: none });
  });

  test('the end kept with the metadata is a run’s end and not its record', async () => {
    const state = await create();
    await state.acquireLease(leaseOf('a'));
    await state.endRun(recordOf(runOf('a')), none, undefined);
    expect((await state.readMeta())?.lastEnd).toEqual(endOf(runOf('a')));
  });

  test('metadata of a newer version is refused and left as it is', async () => {
    const state = await create();
    await prepareMeta(state, { schema: 2, retiring: [] });
    await expect(state.acquireLease(leaseOf('a'))).rejects.toMatchObject({ code: 'TableFromNewerVersion' });
    await expect(state.readMeta()).rejects.toMatchObject({ code: 'TableFromNewerVersion' });
  });

  test('an open run is written once', async () => {
    const state = await create();
    await state.open(openOf('a'));
    await state.open({ ...openOf('a'), sealAfter: 1 });
    await state.open(openOf('b'));
    expect(byRun(await state.listOpen())).toEqual([openOf('a'), openOf('b')]);
  });

  test('done only grows, each destination for itself', async () => {
    const state = await create();
    await state.open(openOf('a'));
    await state.recordDone(runOf('a'), 'splunk', 4);
    await state.recordDone(runOf('a'), 'splunk', 2);
    await state.recordDone(runOf('a'), 'new-one', 1);
    expect(await state.listOpen()).toMatchObject([{ done: { splunk: 4, s3: 0, 'new-one': 1 } }]);
  });

  test('nothing that is written late brings a closed run back', async () => {
    const state = await create();
    await state.open(openOf('a'));
    await state.close(runOf('a'));
    await state.close(runOf('a'));
    const written = [
      await state.recordDone(runOf('a'), 's3', 7),
      await state.recordLost(runOf('a'), 's3', 7, 1),
      await state.recordBatches(runOf('a'), 7),
      await state.seal(runOf('a'), start, 7),
    ];
    expect(written).toEqual([false, false, false, false]);
    await state.countBatches(runOf('a'), 7);
    await state.clearTries(runOf('a'), 's3');
    expect(await state.countTry(runOf('a'), 's3', 7)).toBe(0);
    expect(await state.listOpen()).toEqual([]);
  });

  test('sealing sets when a run may be swept, and which batch is its last', async () => {
    const state = await create();
    await state.open(openOf('a'));
    await state.seal(runOf('a'), start + 1, 3);
    expect(await state.listOpen()).toEqual([
      { ...openOf('a'), sealAfter: start + 1, lastNumber: 3, counted: true },
    ]);
  });

  test('how many batches there are so far only grows, and is final when it is counted or sealed', async () => {
    const state = await create();
    await state.open(openOf('a'));
    const batches = async () => {
      const [open] = await state.listOpen();
      return [open?.lastNumber, open?.counted];
    };
    expect(await batches()).toEqual([undefined, undefined]);
    expect([await state.recordBatches(runOf('a'), 0), await batches()]).toEqual([true, [0, false]]);
    expect([await state.recordBatches(runOf('a'), 4), await batches()]).toEqual([true, [4, false]]);
    expect([await state.recordBatches(runOf('a'), 2), await batches()]).toEqual([true, [4, false]]);
    await state.countBatches(runOf('a'), 3);
    expect(await batches()).toEqual([4, false]);
    await state.countBatches(runOf('a'), 5);
    expect(await batches()).toEqual([5, true]);
    await state.recordBatches(runOf('a'), 6);
    expect(await batches()).toEqual([6, true]);
  });

  test('what is done of a destination forgets its tries, and no other destination’s', async () => {
    const state = await create();
    await state.open(openOf('a'));
    for (const destination of ['s3', 'splunk']) await state.countTry(runOf('a'), destination, 1);
    expect(await state.recordDone(runOf('a'), 's3', 1)).toBe(true);
    const [open] = await state.listOpen();
    expect(open!.done).toEqual({ s3: 1, splunk: 0 });
    expect(open!.tries).toEqual({ splunk: { number: 1, count: 1 } });
  });

  test('batches that a destination passes as lost are added up, once for each time that it gets further', async () => {
    const state = await create();
    await state.open(openOf('a'));
    for (const number of [3, 3, 2]) expect(await state.recordLost(runOf('a'), 's3', number, 2)).toBe(true);
    await state.recordLost(runOf('a'), 'splunk', 4, 1);
    expect(await state.listOpen()).toMatchObject([{ done: { s3: 3, splunk: 4 }, lost: 3 }]);
  });

  test('what to ask for next is kept with the end, and forgotten when the setting holds again', async () => {
    const state = await create();
    const asking = { batchSize: 40, ceiling: { batchSize: 80, until: start + 60 * minute } };
    await state.acquireLease(leaseOf('a'));
    await state.endRun(endOf(runOf('a')), none, asking);
    expect((await state.readMeta())?.asking).toEqual(asking);
    await state.acquireLease(leaseOf('b', start + minute));
    await state.endRun(endOf(runOf('b')), none, undefined);
    expect((await state.readMeta())?.asking).toBeUndefined();
  });

  test('tries are counted for one batch of a destination, and anew for the next', async () => {
    const state = await create();
    await state.open(openOf('a'));
    const counted = (destination: string, number: number) => state.countTry(runOf('a'), destination, number);
    expect([await counted('s3', 1), await counted('s3', 1), await counted('splunk', 1)]).toEqual([1, 2, 1]);
    expect([await counted('s3', 2), await counted('s3', 2), await counted('s3', 2)]).toEqual([1, 2, 3]);
    expect(await state.listOpen()).toMatchObject([
      { tries: { s3: { number: 2, count: 3 }, splunk: { number: 1, count: 1 } } },
    ]);
  });

  test('tries that are cleared start again, those of other destinations stay', async () => {
    const state = await create();
    await state.open(openOf('a'));
    for (const destination of ['s3', 'splunk']) await state.countTry(runOf('a'), destination, 1);
    await state.clearTries(runOf('a'), 's3');
    expect(await state.listOpen()).toMatchObject([{ tries: { splunk: { number: 1, count: 1 } } }]);
    expect(await state.countTry(runOf('a'), 's3', 1)).toBe(1);
  });

  test('a record is written once and read back whole', async () => {
    const state = await create();
    await state.writeRecord(recordOf(runOf('a')));
    await state.writeRecord({ ...recordOf(runOf('a')), outcome: 'swept' });
    expect(await state.readRecord(runOf('a'))).toEqual(recordOf(runOf('a')));
  });

  test('a record is completed where it is, or written complete where it is not', async () => {
    const state = await create();
    await state.writeRecord({ ...recordOf(runOf('a')), complete: false });
    await state.completeRecord({ ...recordOf(runOf('a')), outcome: 'swept', lost: 2 });
    await state.completeRecord({ ...recordOf(runOf('b')), outcome: 'swept', complete: true });
    expect(await state.readRecord(runOf('a'))).toEqual({ ...recordOf(runOf('a')), complete: true, lost: 2 });
    expect(await state.readRecord(runOf('b'))).toMatchObject({ outcome: 'swept', complete: true });
  });

  test('a record that does not say what it owed to whom is read back so', async () => {
    const state = await create();
    const { destinations: _, ...before } = recordOf(runOf('a'));
    await state.writeRecord(before);
    await state.writeRecord({ ...recordOf(runOf('b', start + minute)), destinations: [] });
    const [untold, none] = await state.listRecords({ from: start, to: start + 2 * minute });
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
      await state.writeRecord(recordOf(runOf(run, start + at)));
    }
    const listed = await state.listRecords({ from: start + 10, to: start + 30 });
    expect(listed.map(({ run }) => run)).toEqual(['first', 'second', 'twin']);
  });

  test('an audit is remembered, also before the first run', async () => {
    const state = await create();
    await state.beginAudit('one');
    expect(await state.endAudit('one', start)).toBe(true);
    expect(await state.readMeta()).toMatchObject({ auditedAt: start, totals: none, schema: 1 });
    await state.acquireLease(leaseOf('a'));
    expect(await state.readMeta()).toMatchObject({
      auditedAt: start,
      streamId: 'relay-cis',
      lease: { run: 'a' },
    });
  });

  test('an audit that another one has overtaken is not remembered, and asking twice is one answer', async () => {
    const state = await create();
    expect(await state.beginAudit('one')).toBeUndefined();
    await state.beginAudit('two');
    expect(await state.endAudit('one', start)).toBe(false);
    expect((await state.readMeta())?.auditedAt).toBeUndefined();
    expect(await state.endAudit('two', start + 1)).toBe(true);
    expect(await state.endAudit('two', start + 1)).toBe(true);
    expect((await state.readMeta())?.auditedAt).toBe(start + 1);
    expect(await state.beginAudit('three')).toBe(start + 1);
  });

  test('how far a witness has compared is remembered and only grows', async () => {
    const state = await create();
    await state.markCompared(start + minute);
    await state.markCompared(start);
    expect(await state.readMeta()).toMatchObject({ comparedUntil: start + minute, totals: none, schema: 1 });
  });

  test('a retired stream is forgotten, the others stay', async () => {
    const state = await create();
    const retiring = ['one', 'two', 'three'].map((streamId, i) => ({ streamId, since: start + i }));
    await prepareMeta(state, { schema: 1, retiring });
    await state.markEmpty('three', start + 5);
    await state.retire('two');
    await state.markEmpty('three', start + 5);
    await state.retire('two');
    await state.retire('unknown');
    await state.markEmpty('unknown', start);
    const left = async () => (await state.readMeta())?.retiring;
    expect(await left()).toEqual([retiring[0], { ...retiring[2], emptySince: start + 5 }]);
    await state.markEmpty('three', undefined);
    expect(await left()).toEqual([retiring[0], retiring[2]]);
  });

  test('streams do not see each other', async () => {
    const [one, other] = [await create(), await create()];
    await one.acquireLease(leaseOf('a'));
    await one.open(openOf('a'));
    await one.writeRecord(recordOf(runOf('a')));
    expect(await other.readMeta()).toBeUndefined();
    expect(await other.listOpen()).toEqual([]);
    expect(await other.listRecords({ from: 0, to: start * 2 })).toEqual([]);
  });
}

function byRun(open: readonly OpenRun[]): OpenRun[] {
  return open.toSorted((a, b) => (a.run < b.run ? -1 : 1));
}
