import type { RelayError } from '../relay-error.ts';
import { deliver } from './deliver.ts';
import type { Destination } from './destination.ts';
import { type CutBatch, type DamagedBatch, openBatch, quarantineBatch } from './open-batch.ts';
import type { Clock, Meta, OpenRun, RunRecord } from './ports.ts';
import type { SweepPorts, SweepSettings } from './sweep.ts';
import { countDelivered, type Tally } from './tally.ts';

/**
 * Delivers what a run's destinations lack of it, and closes the run when none lacks anything.
 *
 * @throws when the journal or the table cannot be read or written; the run then stays open
 */
export async function sweepRun(open: OpenRun, pass: Pass): Promise<void> {
  if (canOnlyWait(open, pass)) return;
  const { state, journal, clock } = pass.ports;
  const present = await journal.numbers(open);
  const record = await state.readRecord(open);
  const last = Math.max(
    present.at(-1) ?? 0,
    open.lastNumber ?? 0,
    record?.lastNumber ?? 0,
    lastNumberInMeta(open, pass.meta),
  );
  const batches = createBatchReader(open, pass);
  let complete = true;
  for (const name of Object.keys(open.done)) {
    const done = await sweepDestination({ open, name, present, batches }, pass);
    if (done < (present.at(-1) ?? 0)) complete = false;
  }
  if (!complete) return;
  // Numbers have no gap, so one that is not there was lost, and is never closed in silence.
  const lost = last - present.length;
  pass.tally.possibleLoss += lost;
  if (record === undefined)
    await state.writeRecord(sweptRecord(open, { last, lost, batches: present.length }, clock));
  await state.close(open);
}

/** One pass of a sweep: what its runs share. */
export interface Pass {
  readonly ports: SweepPorts;
  readonly settings: SweepSettings;
  readonly meta: Meta | undefined;
  readonly tally: Tally;
  readonly refusing: Map<string, string>;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly paces: ReadonlyMap<string, (bytes: number) => Promise<void>>;
  readonly signal: AbortSignal;
  readonly hasTime: () => boolean;
  failure: RelayError | undefined;
}

const deliveryPatienceMs = 10_000;
/** A batch is begun only while so much time is left, so that a pass does not time out by its own doing. */
export const batchBudgetMs = deliveryPatienceMs + 10_000;
/** Attempts without progress that ended in a crash or timeout, before a batch goes to quarantine unparsed. */
const crashesToQuarantine = 5;

/**
 * Whether nobody who lacks something of a run takes it in this pass, since somebody refuses. Spares requests while an
 * outage lasts and thousands of runs wait for it, behind which newer ones would wait as well.
 */
function canOnlyWait(open: OpenRun, { refusing, destinations }: Pass): boolean {
  const lacking = lackingIn(open);
  return (
    lacking.some((name) => refusing.has(name)) &&
    lacking.every((name) => refusing.has(name) || !destinations.has(name))
  );
}

/** Destinations that have not got all of a run, as far as its `OPEN` tells: of a killed run, it may be any. */
function lackingIn({ done, lastNumber }: OpenRun): readonly string[] {
  return Object.keys(done).filter((name) => lastNumber === undefined || done[name]! < lastNumber);
}

/** Whether a run is owed to removed destinations alone: it is looked at all the same, for what has left the journal. */
export function waitsForRemoved(open: OpenRun, destinations: ReadonlyMap<string, Destination>): boolean {
  const lacking = open.lastNumber === undefined ? [] : lackingIn(open);
  return lacking.length > 0 && lacking.every((name) => !destinations.has(name));
}

function lastNumberInMeta(open: OpenRun, meta: Meta | undefined): number {
  return meta?.lastEnd?.run === open.run ? meta.lastEnd.lastNumber : 0;
}

interface Owed {
  readonly open: OpenRun;
  readonly name: string;
  readonly present: readonly number[];
  readonly batches: (number: number) => Promise<() => CutBatch | DamagedBatch>;
}

/** Delivers what one destination lacks of a run, and answers how far it has got. */
async function sweepDestination({ open, name, present, batches }: Owed, pass: Pass): Promise<number> {
  const { state } = pass.ports;
  const destination = pass.destinations.get(name);
  let done = open.done[name] ?? 0;
  for (const number of present) {
    if (number <= done) continue;
    // What is owed to a removed destination stays, and is alarmed by its age: nothing is guessed at.
    if (destination === undefined || pass.refusing.has(name) || !pass.hasTime()) return done;
    // Read before the try is counted: a journal that cannot be read is no fault of the batch.
    const opened = await batches(number);
    const tries = await state.countTry(open, name, number);
    // 0: another sweep has completed the run.
    if (tries === 0) return done;
    if (tries > crashesToQuarantine) await quarantineUnparsed({ open, name, number }, pass);
    else if (!(await sweepBatch({ open, destination, batch: opened() }, pass))) return done;
    await state.recordDone(open, name, number);
    done = number;
  }
  return done;
}

/** Whether the destination has the batch now, or can never take it. */
async function sweepBatch(
  owed: {
    readonly open: OpenRun;
    readonly destination: Destination;
    readonly batch: CutBatch | DamagedBatch;
  },
  pass: Pass,
): Promise<boolean> {
  const { open, destination, batch } = owed;
  const { ports, tally, signal } = pass;
  if ('damaged' in batch) {
    await quarantineBatch(batch, undefined, { journal: ports.journal, signal });
    tally.quarantined += 1;
    return true;
  }
  const outcome = await deliver(batch, destination, {
    type: pass.settings.type,
    journal: ports.journal,
    clock: ports.clock,
    signal,
    patienceMs: deliveryPatienceMs,
    pace: pass.paces.get(destination.name),
  });
  tally.recordsRefused += outcome.refusedRecords;
  if (outcome.kind === 'delivered') {
    countDelivered(tally, outcome);
    tally.swept += 1;
    return true;
  }
  // Only a crash or a timeout leaves its try counted: who lives to see the end of an attempt has done neither.
  if (outcome.kind === 'refused') pass.refusing.set(destination.name, outcome.reason);
  await ports.state.clearTries(open, destination.name);
  return false;
}

/** A batch that ends its sweeps in crashes is set aside as it is, so that it holds up nothing behind it. */
async function quarantineUnparsed(
  { open, name, number }: { readonly open: OpenRun; readonly name: string; readonly number: number },
  { ports, tally, signal }: Pass,
): Promise<void> {
  const batch = await ports.journal.get(open, number);
  const means = { journal: ports.journal, signal };
  await quarantineBatch({ batch, damaged: 'delivery-crashed-five-times' }, name, means);
  tally.quarantined += 1;
}

/** Reads a batch, and cuts it when asked to, once for the destinations that want it one after the other. */
function createBatchReader(open: OpenRun, { ports, settings }: Pass): Owed['batches'] {
  let latest: { readonly number: number; readonly opened: () => CutBatch | DamagedBatch } | undefined;
  return async (number) => {
    if (latest?.number !== number) {
      const batch = await ports.journal.get(open, number);
      let opened: CutBatch | DamagedBatch | undefined;
      latest = {
        number,
        opened: () => {
          opened ??= openBatch(batch, settings.decompressedCapBytes);
          return opened;
        },
      };
    }
    return latest.opened;
  };
}

/** What is known of a run that did not end by itself. */
function sweptRecord(
  { run, startedAt, done }: OpenRun,
  { last, lost, batches }: { readonly last: number; readonly lost: number; readonly batches: number },
  clock: Clock,
): RunRecord {
  return {
    run,
    startedAt,
    endedAt: clock.now(),
    outcome: 'swept',
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
    lost,
    possibleLoss: 0,
    destinations: Object.keys(done),
  };
}
