import type { OpenItem, PerDestination, ProtocolState, Run } from './protocol-state.ts';

/**
 * The decisions on which the protocol rests, one by one, so that a planted fault is one of them decided otherwise.
 *
 * Everything else about a run or a sweep is in its steps.
 */
export interface Rules {
  /** Is there a lease at all? */
  readonly leases: boolean;
  /** May a run begin, as far as `META` says? */
  mayStart(state: ProtocolState): boolean;
  /** May the run ask Mosaic for a batch? */
  mayCollect(run: Run): boolean;
  /** Does the run ask on after an outcome that may have consumed a batch? */
  readonly goesOnAfterUnknown: boolean;
  /** The number of the object that the next answer goes to. */
  nextNumber(run: Run): number;
  /** Writing a run's `OPEN` item leaves the others' alone. */
  readonly openItemPerRun: boolean;
  /** Does a batch that a destination refused stop that destination for the run? */
  readonly stopsAtFailedBatch: boolean;
  /** The progress that a run writes for a destination. */
  progress(run: Run, destination: number): number;
  /** Is progress written only on an `OPEN` that exists? */
  readonly recordsOnlyOnOpen: boolean;
  /** Is `RUN#` written before `OPEN` goes? */
  readonly recordsRunFirst: boolean;
  /** May a run that ends delete its `OPEN`? */
  mayClose(run: Run): boolean;
  /** May a run that ends, and does not close, say that its `OPEN` is sealed as of now? */
  maySeal(run: Run): boolean;
  /** May a sweep take this run's `OPEN`? */
  sealed(run: Run, open: OpenItem): boolean;
  /** Where a sweep begins, for each destination. */
  sweepFrom(open: OpenItem): PerDestination;
  /** May a sweep that got so far delete the `OPEN`? */
  sweepMayClose(got: PerDestination, last: number): boolean;
}

const everyPutAcknowledged = (run: Run) => run.acknowledged === run.answers;
const everythingDelivered = (run: Run) => run.got.every((number) => number === run.answers);

export const rulesOfTheDesign: Rules = {
  leases: true,
  mayStart: (state) => state.lease === undefined || state.runs[state.lease]!.age !== 'young',
  mayCollect: (run) => run.phase === 'working' && everyPutAcknowledged(run),
  goesOnAfterUnknown: false,
  nextNumber: (run) => run.answers + 1,
  openItemPerRun: true,
  stopsAtFailedBatch: true,
  progress: (run, destination) => run.got[destination]!,
  recordsOnlyOnOpen: true,
  recordsRunFirst: true,
  mayClose: (run) => everyPutAcknowledged(run) && everythingDelivered(run),
  maySeal: everyPutAcknowledged,
  sealed: (run, open) =>
    open.sealAfter === 'now' || (open.sealAfter === 'first' && run.age === 'seal-passed'),
  sweepFrom: (open) => open.done,
  sweepMayClose: (got, last) => got.every((number) => number === last),
};

/** I5: the lease is taken out altogether. */
export const rulesWithoutLease: Rules = { ...rulesOfTheDesign, leases: false };
