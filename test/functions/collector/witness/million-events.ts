/**
 * Compares an hour of a million events, of which the primary lacks a thousand, in a process of its own, and prints what
 * it found and how much memory that took. Answers are made when they are read: 1,000 batches of 1,000 events of 1.5 KB.
 */
import { zstdCompressSync } from 'node:zlib';
import { compare } from '../../../../functions/collector/witness/compare.ts';
import type { JournaledBatch } from '../../../../functions/stored/journaled-batch.ts';
import { createMemoryJournal, type MemoryJournal } from '../../../contracts/memory-journal.ts';
import { createMemoryState } from '../../../contracts/memory-state.ts';

const noon = Date.parse('2026-03-01T12:00:00Z');
const minute = 60_000;
const batches = 1_000;
const lost = 500;
const filler = 'x'.repeat(1_450);

function answerOf(number: number): Uint8Array {
  const events = Array.from({ length: 1_000 }, (_, n) => `{"n":${number * 1_000 + n},"filler":"${filler}"}`);
  return zstdCompressSync(Buffer.from(`[${events.join(',')}]`));
}

async function streamOf(run: string, startedAt: number, numbers: readonly number[]) {
  const stored = createMemoryJournal();
  const state = createMemoryState({ type: 'cis', streamId: 'relay-cis' });
  const record = {
    ...{ run, startedAt, endedAt: startedAt + minute, outcome: 'drained' as const, caution: false },
    ...{ lastNumber: numbers.length, batches: numbers.length, events: 0, sourceBytes: 0, billedBytes: 0 },
    ...{ fullAnswers: 0, shortAnswers: 0, emptyAnswers: 0, collectMs: 0, journalMs: 0, deliverMs: 0 },
    ...{ lost: 0, possibleLoss: 1 },
  };
  await state.records.writeRecord(record);
  await state.records.writeRecord({
    ...record,
    run: `${run}-later`,
    startedAt: startedAt + 40 * minute,
    batches: 0,
  });
  const journal: MemoryJournal = {
    ...stored,
    runsOn: async () => [run],
    numbers: async (id) => (id.run === run ? numbers.map((_, index) => index + 1) : stored.numbers(id)),
    get: async (id, number): Promise<JournaledBatch> => ({
      ...id,
      number,
      collectedAt: startedAt,
      stream: 'relay-cis',
      answer: { received: answerOf(numbers[number - 1]!), encoding: 'zstd' },
      cutOff: false,
    }),
  };
  return { state, journal };
}

const all = Array.from({ length: batches }, (_, number) => number);
const witness = await streamOf('witness', noon + 5 * minute, all);
const primary = await streamOf(
  'primary',
  noon,
  all.filter((number) => number !== lost),
);
const clock = { now: () => noon + 70 * minute, sleep: async () => undefined, random: () => 0.5 };
const startedAt = process.hrtime.bigint();
const { hours } = await compare(
  { witness, primary, clock },
  {
    type: 'cis',
    mode: 'recover',
    primary: { streamId: 'relay-cis', batchSize: 1_000, destinations: ['s3'] },
    timeout: 900,
    decompressedCapMiB: 64,
  },
  noon + 75 * minute,
);
const maxRssMb = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ ...hours[0], maxRssMb, seconds: Number(process.hrtime.bigint() - startedAt) / 1e9 }),
);
