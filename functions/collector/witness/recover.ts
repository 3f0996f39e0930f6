import type { JournaledBatch } from '../../stored/journaled-batch.ts';
import { recoveryRun } from '../../stored/recovery-run.ts';
import type { RunId } from '../../stored/run-id.ts';
import { compressAnswer } from '../answers/decode-answer.ts';
import { eventIds } from '../answers/event-id.ts';
import { decompressedCapBytes } from '../protocol/large-answers.ts';
import type { CutBatch } from '../protocol/ports/answers.ts';
import type { ComparedStream, ComparePorts, CompareSettings } from './comparison.ts';
import { type Fingerprints, marks } from './fingerprints.ts';
import type { WitnessHour } from './next-hour.ts';
import { readBatches } from './read-batches.ts';

/**
 * Adds what the primary lacks to its journal, as a run of its own, which the primary's sweep then delivers.
 *
 * The run's id follows from the hour and from what is missing, so that doing it again writes the same objects again;
 * after a death half-way, what is left to add is another set, and another run. `OPEN` comes first and is sealed last:
 * if this process dies, a sweep finds what was written until then. Marks the added events in `events`.
 *
 * @param until the time at which this process has ended in any case, in ms since the epoch
 */
export async function recoverMissing(
  events: Fingerprints,
  { hour, until }: { readonly hour: WitnessHour; readonly until: number },
  { witness, primary, clock }: ComparePorts,
  settings: CompareSettings,
): Promise<void> {
  const id: RunId = {
    run: await runToWriteTo(events.missingDigest(), { hour, until }, primary),
    // The start is a part of the objects' keys, so it must be the same when this is done again.
    startedAt: hour.to,
  };
  const { destinations, streamId } = settings.primary;
  const open = {
    ...id,
    done: Object.fromEntries(destinations.map((name) => [name, 0])),
    tries: {},
    owedSince: clock.now(),
  };
  await primary.state.openRuns.open({
    ...open,
    sealAfter: Math.max(until + closeBudgetMs, clock.now() + settings.timeout * 1_000) + sealMarginMs,
  });
  const written = { batches: 0, events: 0, bytes: 0 };
  for await (const opened of readBatches(witness.journal, hour.runs, decompressedCapBytes(settings))) {
    if ('damaged' in opened || !isWithin(hour, opened.batch.collectedAt)) continue;
    const missing = takeMissing(opened, events, settings.type);
    if (missing.length === 0) continue;
    written.batches += 1;
    written.events += missing.length;
    const received = arrayOf(missing);
    written.bytes += received.length;
    const batch: JournaledBatch = {
      ...id,
      number: written.batches,
      collectedAt: opened.batch.collectedAt,
      // A SIEM takes them for the primary's events, which they would have been.
      stream: streamId,
      answer: compressAnswer({ received, encoding: 'identity' }),
      cutOff: false,
      recovered: true,
    };
    await primary.journal.put(batch, neverAborted);
  }
  await primary.state.records.writeRecord({
    ...id,
    endedAt: clock.now(),
    outcome: 'recovered',
    complete: false,
    lastNumber: written.batches,
    caution: false,
    batches: written.batches,
    fullAnswers: 0,
    shortAnswers: 0,
    emptyAnswers: 0,
    events: written.events,
    sourceBytes: written.bytes,
    billedBytes: 0,
    collectMs: 0,
    journalMs: 0,
    deliverMs: 0,
    lost: 0,
    possibleLoss: 0,
    destinations,
  });
  const sealAfter = clock.now();
  if (await primary.state.openRuns.seal(id, sealAfter, written.batches)) return;
  // The table has been put back meanwhile and knows nothing of the run.
  await primary.state.openRuns.open({ ...open, sealAfter, lastNumber: written.batches, counted: true });
}

/**
 * The id of the first run that no earlier process has left behind. Of a run that was left behind, a sweep may have
 * listed the batches that are there, and may close the run while it is written to, or have closed it.
 *
 * @param digest of the missing events
 * @param until when this process has ended
 */
async function runToWriteTo(
  digest: string,
  { hour, until }: { readonly hour: WitnessHour; readonly until: number },
  { state }: ComparedStream,
): Promise<string> {
  const open = await state.openRuns.listOpen();
  const records = await state.records.listRecords({ from: hour.to, to: hour.to + 1 });
  // The record of a recovery is written when all of its objects are.
  const written = new Set(records.filter(({ outcome }) => outcome === 'recovered').map((each) => each.run));
  const leftBehind = new Set(records.filter(({ outcome }) => outcome === 'swept').map((each) => each.run));
  for (const { run, sealAfter } of open) {
    if (!written.has(run) && sealAfter < until + sealMarginMs) leftBehind.add(run);
  }
  let again = 1;
  while (leftBehind.has(recoveryRun(hour.from, digest, again))) again += 1;
  return recoveryRun(hour.from, digest, again);
}

/** Time at most from `until` to the end of the invocation. */
const closeBudgetMs = 10_000;

/** A PUT that a dying process sent may land for minutes after it. */
const sealMarginMs = 5 * 60_000;

/** The client's own limits end a PUT that hangs, and Lambda this process. */
const neverAborted = new AbortController().signal;

function isWithin({ from, to }: WitnessHour, time: number): boolean {
  return time >= from && time < to;
}

/** The bytes of a batch's missing events, as received; of twins only one. */
function takeMissing({ cut }: CutBatch, events: Fingerprints, type: string): readonly Uint8Array[] {
  const ids = eventIds(cut, type);
  const missing: Uint8Array[] = [];
  for (let index = 0; index < cut.count; index++) {
    if (events.markOf(ids, index) !== marks.missing) continue;
    events.mark(ids, index, marks.recovered);
    missing.push(cut.source.subarray(cut.starts[index], cut.ends[index]));
  }
  return missing;
}

function arrayOf(events: readonly Uint8Array[]): Uint8Array {
  const comma = Buffer.from(',');
  const parts = events.flatMap((event, index) => (index === 0 ? [event] : [comma, event]));
  return Buffer.concat([Buffer.from('['), ...parts, Buffer.from(']')]);
}
