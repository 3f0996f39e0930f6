import { RelayError } from '../../relay-error.ts';
import type { JournaledBatch } from '../../stored/journaled-batch.ts';
import { countDelivered, countLate } from './counters.ts';
import { decompressedCapBytes, mostBehindMs } from './large-answers.ts';
import type { DeliveryOutcome, DeliveryTurn } from './ports/destination.ts';
import { quarantineBatch } from './quarantine-batch.ts';
import type { Pass, SealedRun } from './sweep-pass.ts';
import { writeDone } from './write-done.ts';

export interface OwedBatch {
  readonly run: SealedRun;
  readonly name: string;
  /** The number after the last batch that the destination has. */
  readonly number: number;
}

/**
 * Brings one batch to one destination, and records that it has it or can never take it.
 *
 * The try is counted before the attempt and forgotten after it, so that only crashes and timeouts stay counted.
 * A batch that needs room in memory is brought in turns, between which others have the room.
 * @param signal ends the attempt; the pass's own, unless the attempt has less time
 * @returns false where the destination has not got it in this pass
 * @throws when the journal or the table refuses
 */
export async function attemptBatch(owed: OwedBatch, pass: Pass, signal = pass.signal): Promise<boolean> {
  const { run, name, number } = owed;
  const { journal, answers } = pass.ports;
  // Read before the try is counted: a journal that cannot be read is no fault of the batch.
  const batch = await journal.get(run.open, number, signal).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (batch === undefined) return false;
  const size = answers.largeSize(batch.answer);
  if (size === 0) return (await attempt(batch, owed, { pass, signal })) === 'done';
  let putOff: PutOff | undefined;
  for (;;) {
    const giveRoomBack = await pass.large.room(size, name);
    try {
      const end = await attempt(batch, owed, {
        pass,
        signal,
        turn: { mostBehindMs, unsent: putOff?.unsent, judgedAt: putOff?.judgedAt },
      });
      if (end === 'done' || end === 'not-done') return end === 'done';
      putOff = end;
    } finally {
      giveRoomBack();
    }
  }
}

interface Attempt {
  readonly pass: Pass;
  readonly signal: AbortSignal;
  readonly turn?: DeliveryTurn;
}

/** `done`: the destination has it, or can never take it, and that is recorded. `unsent`: of a batch that was put off. */
type AttemptEnd = 'done' | 'not-done' | PutOff;

type PutOff = Pick<Extract<DeliveryOutcome, { readonly kind: 'put-off' }>, 'unsent' | 'judgedAt'>;

async function attempt(batch: JournaledBatch, owed: OwedBatch, how: Attempt): Promise<AttemptEnd> {
  const { run, name, number } = owed;
  const { pass } = how;
  if (how.signal.aborted) return 'not-done';
  const tries = await pass.ports.state.tries.countTry(run.open, name, number);
  if (tries === 0) {
    run.closed = true;
    return 'not-done';
  }
  let late = 0;
  if (tries > crashesToQuarantine) await quarantineUnparsed(batch, name, pass);
  else {
    const settled = await settleBatch(batch, owed, how);
    if (typeof settled !== 'number') return settled;
    late = settled;
  }
  await recordDone(owed, late, pass);
  return 'done';
}

/** Attempts without progress that ended in a crash or timeout, before a batch goes to quarantine unparsed. */
const crashesToQuarantine = 5;
const deliveryPatienceMs = 10_000;

/** @returns the number of its late events where the destination has the batch now, or can never take it */
async function settleBatch(
  batch: JournaledBatch,
  owed: OwedBatch,
  { pass, signal, turn }: Attempt,
): Promise<number | Exclude<AttemptEnd, 'done'>> {
  const { ports, counters, settings, refusing } = pass;
  const { destination, flow } = pass.destinations.get(owed.name)!;
  let end: Exclude<AttemptEnd, 'done'>;
  const opened = ports.answers.openBatch(batch, decompressedCapBytes(settings), destination.memberDepth);
  try {
    if ('damaged' in opened) {
      await quarantineBatch(opened, undefined, { quarantine: ports.quarantine, signal });
      counters.quarantined += 1;
      return 0;
    }
    const outcome = await destination.deliver(opened, {
      type: settings.type,
      quarantine: ports.quarantine,
      clock: ports.clock,
      signal,
      patienceMs: deliveryPatienceMs,
      flow,
      turn,
    });
    counters.recordsRefused += outcome.refusedRecords;
    if (outcome.kind === 'delivered') {
      countDelivered(counters, owed.name, outcome);
      counters.swept += 1;
      return outcome.late;
    }
    end = outcome.kind === 'put-off' ? outcome : 'not-done';
    if (outcome.kind === 'refused') refusing.set(owed.name, outcome.reason);
  } catch (error) {
    // An error of the code itself stays counted as a try: the batch caused it.
    if (isForeseen(error)) await forgetTry(owed, pass);
    throw error;
  }
  await forgetTry(owed, pass);
  return end;
}

/** A refusal of AWS is not the batch's fault. Errors of the AWS client carry `$metadata`. */
function isForeseen(error: unknown): boolean {
  return error instanceof RelayError || (error instanceof Error && '$metadata' in error);
}

/** Late events are emitted by the pass that moves `done`: another sweep may have delivered the batch as well. */
async function recordDone({ run, name, number }: OwedBatch, late: number, pass: Pass): Promise<void> {
  const lateSoFar = (run.late.get(name) ?? 0) + late;
  try {
    const progress = { destination: name, done: number, late: lateSoFar };
    const recorded = await writeDone(pass.ports.state, run.open, progress);
    if (recorded === 'gone') run.closed = true;
    if (recorded === 'moved') countLate(pass.counters, name, late);
  } catch (error) {
    await forgetTry({ run, name, number }, pass);
    throw error;
  }
  run.done.set(name, number);
  if (lateSoFar > 0) run.late.set(name, lateSoFar);
}

/** A table that refuses is asked again until the pass is over: its refusal must not count as a crash of the batch. */
async function forgetTry({ run, name }: OwedBatch, { ports, hasTime, signal }: Pass): Promise<void> {
  for (let waitMs = 500; ; waitMs = Math.min(2 * waitMs, 10_000)) {
    try {
      return await ports.state.tries.clearTries(run.open, name);
    } catch (error) {
      if (!hasTime()) throw error;
    }
    await ports.clock.sleep(waitMs, signal);
  }
}

/** Puts a batch that makes sweeps crash into quarantine, unparsed, so that the batches behind it are delivered. */
async function quarantineUnparsed(
  batch: JournaledBatch,
  name: string,
  { ports, counters, signal }: Pass,
): Promise<void> {
  const means = { quarantine: ports.quarantine, signal };
  await quarantineBatch({ batch, damaged: 'delivery-crashed-five-times' }, name, means);
  counters.quarantined += 1;
}
