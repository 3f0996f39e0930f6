import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Answer } from '../../functions/answer.ts';
import { compressAnswer, decodeAnswer } from '../../functions/collector/answers/decode-answer.ts';
import type { Journal } from '../../functions/collector/protocol/ports/journal.ts';
import type { Quarantine } from '../../functions/collector/protocol/ports/quarantine.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import type { QuarantineEntry } from '../../functions/stored/quarantine-entry.ts';

const start = Date.UTC(2026, 2, 1, 23, 59, 59);
const run = { run: 'run-a', startedAt: start };
const never = new AbortController().signal;

function batchOf(number: number, batch: Partial<JournaledBatch> = {}): JournaledBatch {
  return {
    ...run,
    number,
    collectedAt: start + number,
    stream: 'relay-cis',
    answer: { received: gzipSync(`[{"n":${number}}]`), encoding: 'gzip' },
    cutOff: false,
    ...batch,
  };
}

function entryOf(entry: Partial<QuarantineEntry> = {}): QuarantineEntry {
  return {
    ...run,
    number: 1,
    reason: 'not-an-array',
    collectedAt: start,
    stream: 'relay-cis',
    bytes: Buffer.from('<html>'),
    encoding: 'identity',
    ...entry,
  };
}

/**
 * The suite that every form of the ports Journal and Quarantine passes.
 *
 * @param create the journal of a stream of its own, empty
 */
export function journalContract(create: () => Promise<Journal & Quarantine>): void {
  test('a batch is read as it was put', async () => {
    const journal = await create();
    const batch = batchOf(1, { cutOff: true, collectedAt: start + 86_400_000 });
    await journal.put(batch, never);
    const { answer, ...facts } = await journal.get(run, 1);
    expect(facts).toEqual({
      ...run,
      number: 1,
      collectedAt: start + 86_400_000,
      stream: 'relay-cis',
      cutOff: true,
    });
    expect(answer.encoding).toBe('gzip');
    expect(gunzipSync(answer.received).toString()).toBe('[{"n":1}]');
  });

  test('a batch that a witness added says so, and no other does', async () => {
    const journal = await create();
    await journal.put(batchOf(1, { recovered: true }), never);
    await journal.put(batchOf(2), never);
    expect(await journal.numbers(run)).toEqual([1, 2]);
    const [one, other] = [await journal.get(run, 1), await journal.get(run, 2)];
    expect([one.recovered, other.recovered]).toEqual([true, undefined]);
  });

  test('a batch that came uncompressed is read as it was, once decoded', async () => {
    const journal = await create();
    const answer: Answer = { received: Buffer.from('[1, 2]'), encoding: 'identity' };
    await journal.put(batchOf(1, { answer }), never);
    await journal.put(batchOf(2, { answer: compressAnswer(answer) }), never);
    for (const number of [1, 2]) {
      const decoded = decodeAnswer((await journal.get(run, number)).answer, 100);
      if ('damaged' in decoded) throw new Error(decoded.message);
      expect(Buffer.from(decoded).toString()).toBe('[1, 2]');
    }
  });

  test('a batch without bytes is kept too', async () => {
    const journal = await create();
    const answer: Answer = { received: new Uint8Array(), encoding: 'gzip' };
    await journal.put(batchOf(1, { answer, cutOff: true }), never);
    expect((await journal.get(run, 1)).answer.received).toHaveLength(0);
  });

  test('putting a batch again is harmless', async () => {
    const journal = await create();
    await journal.put(batchOf(1), never);
    await journal.put(batchOf(1), never);
    expect(await journal.numbers(run)).toEqual([1]);
  });

  test('the numbers of a run are its own, ascending', async () => {
    const journal = await create();
    for (const number of [11, 2, 1, 100]) await journal.put(batchOf(number), never);
    await journal.put(batchOf(3, { run: 'run-a2' }), never);
    await journal.put(batchOf(4, { startedAt: start + 1_000 }), never);
    expect(await journal.numbers(run)).toEqual([1, 2, 11, 100]);
    expect(await journal.numbers({ run: 'run', startedAt: start })).toEqual([]);
  });

  test('a run of which nothing was erased has no marks', async () => {
    const journal = await create();
    await journal.put(batchOf(1), never);
    expect(await journal.erased(run)).toEqual([]);
  });

  test('a batch that is not there is missed by name', async () => {
    const journal = await create();
    await journal.put(batchOf(10), never);
    await expect(journal.get(run, 1)).rejects.toMatchObject({ code: 'JournalObjectMissing' });
  });

  test('a put that was aborted before it began fails', async () => {
    const journal = await create();
    const signal = AbortSignal.abort();
    await expect(journal.put(batchOf(1), signal)).rejects.toThrow();
    await expect(journal.probe(signal)).rejects.toThrow();
    expect(await journal.numbers(run)).toEqual([]);
  });

  test('a read that was aborted before it began fails', async () => {
    const journal = await create();
    await journal.put(batchOf(1), never);
    await expect(journal.get(run, 1, AbortSignal.abort())).rejects.toThrow();
  });

  test('the runs of a day are those that started on it and journaled something', async () => {
    const journal = await create();
    await journal.put(batchOf(1, { collectedAt: start + 5_000 }), never);
    await journal.put(batchOf(2), never);
    await journal.put(batchOf(1, { run: 'run-b' }), never);
    await journal.put(batchOf(1, { run: 'run-c', startedAt: start + 1_000 }), never);
    expect(await journal.runsOn('2026-03-01')).toEqual(['run-a', 'run-b']);
    expect(await journal.runsOn('2026-03-02')).toEqual(['run-c']);
    expect(await journal.runsOn('2026-03-03')).toEqual([]);
    expect(await journal.days()).toEqual(['2026-03-01', '2026-03-02']);
  });

  test('the same quarantine entry twice is one object; another batch, event or destination is another', async () => {
    const journal = await create();
    const entries = [
      {},
      { index: 0 },
      { index: 1 },
      { destination: 's3' },
      { index: 1, destination: 's3' },
      { number: 2 },
    ];
    for (const entry of [...entries, ...entries]) await journal.quarantine(entryOf(entry));
    await journal.quarantine(entryOf({ run: 'run-b' }));
    expect(await journal.quarantined()).toEqual({ objects: entries.length + 1, atLeast: false });
  });

  test('an object in quarantine, or of a probe, is no batch', async () => {
    const journal = await create();
    await journal.quarantine(entryOf());
    await journal.probe(never);
    expect(await journal.numbers(run)).toEqual([]);
    expect(await journal.days()).toEqual([]);
    expect(await journal.runsOn('2026-03-01')).toEqual([]);
    expect(await journal.quarantined()).toEqual({ objects: 1, atLeast: false });
  });

  test('streams do not see each other', async () => {
    const [one, other] = [await create(), await create()];
    await one.put(batchOf(1), never);
    await one.quarantine(entryOf());
    expect(await other.numbers(run)).toEqual([]);
    expect(await other.runsOn('2026-03-01')).toEqual([]);
    expect(await other.quarantined()).toEqual({ objects: 0, atLeast: false });
  });
}
