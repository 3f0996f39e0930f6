import type { OpenRun } from '../../stored/open-item.ts';
import type { RunRecord } from '../../stored/run-item.ts';
import { countLate } from './counters.ts';
import type { Pass, RunContents, SealedRun } from './sweep-pass.ts';

export function sealedRun(open: OpenRun): SealedRun {
  return {
    open,
    done: new Map(Object.entries(open.done)),
    contents: undefined,
    lost: new Set(),
    late: new Map(Object.entries(open.late ?? {})),
    closed: false,
  };
}

/**
 * Lists the batches of a run. Stores the last number of a run that was killed, so that batches which expire later are
 * told as lost.
 *
 * @throws when the journal or the table cannot be read or written
 */
export function lookAt(run: SealedRun, pass: Pass): Promise<RunContents> {
  run.contents ??= list(run, pass);
  return run.contents;
}

async function list({ open }: SealedRun, { ports, meta, counters }: Pass): Promise<RunContents> {
  const { state, journal } = ports;
  const numbers = await journal.numbers(open);
  const present = new Set(numbers);
  // Only a run that lacks batches may have erased ones, so that no other costs a second listing.
  const erasedOf = async (run: OpenRun, last: number): Promise<ReadonlySet<number>> =>
    new Set(present.size < last ? await journal.erased(run) : []);
  const known = Math.max(numbers.at(-1) ?? 0, open.lastNumber ?? 0);
  if (isCounted(open)) return { present, last: known, erased: await erasedOf(open, known) };
  const record = await state.records.readRecord(open);
  const inMeta = meta?.lastEnd?.run === open.run ? meta.lastEnd.lastNumber : 0;
  const last = Math.max(known, record?.lastNumber ?? 0, inMeta);
  await state.openRuns.countBatches(open, last);
  // A killed run has recorded its late events and has not lived to emit them.
  if (record === undefined)
    for (const [name, late] of Object.entries(open.late ?? {})) countLate(counters, name, late);
  return { present, last, erased: await erasedOf(open, last) };
}

/** True where `lastNumber` is final. Items of an earlier version have a last number only once they are sealed. */
export function isCounted({ lastNumber, counted }: OpenRun): boolean {
  return lastNumber !== undefined && counted !== false;
}

/**
 * Tells the batches as lost that left the journal before the destination had them, and moves `done` past them. Batches
 * that an operator erased are passed in silence: nothing was owed from them, whatever a table says that was put back.
 *
 * @throws when the table cannot be written; they are told again by the next pass
 */
export async function passLost(
  run: SealedRun,
  name: string,
  { present, last, erased }: RunContents,
  { ports, counters }: Pass,
): Promise<void> {
  const done = run.done.get(name) ?? 0;
  let end = done;
  let lost = 0;
  while (end < last && !present.has(end + 1)) {
    end += 1;
    if (erased.has(end)) continue;
    if (!run.lost.has(end)) lost += 1;
    run.lost.add(end);
  }
  if (lost > 0) ports.tellLoss(lost);
  counters.lost += lost;
  if (!(await ports.state.openRuns.recordLost(run.open, name, end, lost))) run.closed = true;
  run.done.set(name, end);
}

/**
 * Closes a run that every destination has. Writes a `RUN#` that says `complete`, then deletes the `OPEN`.
 *
 * @throws when the table cannot be written; the run then stays open
 */
export async function closeIfComplete(
  run: SealedRun,
  { last, present }: RunContents,
  { ports }: Pass,
): Promise<void> {
  if (run.closed || [...run.done.values()].some((done) => done < last)) return;
  run.closed = true;
  await ports.state.records.completeRecord(
    sweptRecord(run, { last, batches: present.size }, ports.clock.now()),
  );
  await ports.state.openRuns.close(run.open);
}

/** The record of a run that did not end by itself: most of its counts are unknown and stand as 0. */
function sweptRecord(
  { open, lost, late }: SealedRun,
  { last, batches }: { readonly last: number; readonly batches: number },
  endedAt: number,
): RunRecord {
  return {
    run: open.run,
    startedAt: open.startedAt,
    endedAt,
    outcome: 'swept',
    complete: true,
    lastNumber: last,
    caution: false,
    batches,
    fullAnswers: 0,
    shortAnswers: 0,
    emptyAnswers: 0,
    events: 0,
    sourceBytes: 0,
    billedBytes: 0,
    collectMs: 0,
    journalMs: 0,
    deliverMs: 0,
    lost: (open.lost ?? 0) + lost.size,
    possibleLoss: 0,
    ...(late.size === 0 ? {} : { late: Object.fromEntries(late) }),
    destinations: Object.keys(open.done),
  };
}
