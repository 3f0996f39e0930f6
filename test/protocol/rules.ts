import type { OpenItem, Pass, PerDestination, ProtocolState, Run } from './protocol-state.ts';

/**
 * The decisions on which the protocol rests, one by one, so that a planted fault is one of them decided otherwise.
 *
 * Everything else about a run, a sweep or an audit is in its steps.
 */
export interface Rules extends RunRules, SweepRules, TriesRules, AuditRules {}

interface RunRules {
  /** Is there a lease at all? */
  readonly leases: boolean;
  /** The limit of a run's life after which its lease expires. */
  readonly leaseFollows: Limit;
  /** The limit after which the first `sealAfter` passes. */
  readonly sealFollows: Limit;
  /** May a run begin, as far as `META` says? */
  mayStart(state: ProtocolState, rules: Rules): boolean;
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
  /** Are late events counted by the write of the progress that passes them, by one before it, or not at all? */
  readonly countsLate: 'with-done' | 'before-done' | 'never';
  /** Is progress written only on an `OPEN` that exists? */
  readonly recordsOnlyOnOpen: boolean;
  /** Does a run write its `OPEN` anew when that has vanished? */
  readonly writesOpenAnew: boolean;
  /** What an `OPEN` says that is written anew while the run goes on, or with a PUT unacknowledged. */
  readonly newOpen: Pick<OpenItem, 'sealAfter' | 'counted'>;
  /** May a run that ends delete its `OPEN`? */
  mayClose(run: Run): boolean;
  /** May a run that ends, and does not close, say that its `OPEN` is sealed as of now? */
  maySeal(run: Run): boolean;
  /** Does such a run write its last number with the seal? */
  readonly sealsLastNumber: boolean;
  /** Does a run that ends write `complete` into its `RUN#`? */
  saysComplete(run: Run): boolean;
}

interface SweepRules {
  /** Is `RUN#` written before `OPEN` goes, by runs and by sweeps? */
  readonly recordsRunFirst: boolean;
  /** May a sweep take this run's `OPEN`? */
  sealed(run: Run, open: OpenItem, rules: Rules): boolean;
  /** The numbers of a run that a sweep knows of before it begins. */
  lists(run: Run, open: OpenItem): readonly number[];
  /** Where a sweep begins, for each destination. */
  sweepFrom(open: OpenItem): PerDestination;
  /** Does the first look at a run that nobody has counted write down its last number? */
  readonly counts: boolean;
  /** May a sweep that got so far delete the `OPEN`? */
  sweepMayClose(pass: Pass): boolean;
  /** Is a missing batch emitted as lost before `done` passes it, after its run is closed, or never? */
  readonly tells: 'before' | 'after' | 'never';
}

interface TriesRules {
  /** Does a batch go to quarantine when its attempts have ended in crashes? */
  readonly crashesQuarantine: boolean;
  /** Are batches with a try standing attempted first, and one alone at a time? */
  readonly suspectsAlone: boolean;
  /** Does a try stand no more when its batch is done? */
  readonly successClears: boolean;
  /** Does an attempt that a destination refused leave its try standing? */
  readonly refusalCounts: boolean;
  /** Does progress that the table refused leave the try standing? */
  readonly refusedRecordCounts: boolean;
}

interface AuditRules {
  /** Does what `RUN#` items say cover a run that has no `OPEN`? */
  covers(run: Run, runs: readonly Run[]): boolean;
  /** The `sealAfter` of an `OPEN` that an audit writes: `first` stands for 20 minutes later, which no run or PUT outlives. */
  readonly sealOfAudit: 'first' | 'now';
  /** Does an audit say that it is done although the table was put back under it? */
  readonly marksWhenOvertaken: boolean;
}

export type Limit = 'later' | 'deadline' | 'setting';

const everyPutAcknowledged = (run: Run) => run.acknowledged === run.answers;
const everythingDelivered = (run: Run) => run.got.every((number) => number === run.answers);
const hasEverything = (run: Run) => everyPutAcknowledged(run) && everythingDelivered(run);

export const rulesOfTheDesign: Rules = {
  leases: true,
  leaseFollows: 'later',
  sealFollows: 'later',
  mayStart: ({ lease, runs }, { leaseFollows }) => lease === undefined || isOver(runs[lease]!, leaseFollows),
  mayCollect: (run) => run.phase === 'working' && everyPutAcknowledged(run),
  goesOnAfterUnknown: false,
  nextNumber: (run) => run.answers + 1,
  openItemPerRun: true,
  stopsAtFailedBatch: true,
  progress: (run, destination) => run.got[destination]!,
  countsLate: 'with-done',
  recordsOnlyOnOpen: true,
  writesOpenAnew: true,
  newOpen: { sealAfter: 'first', counted: false },
  mayClose: hasEverything,
  maySeal: everyPutAcknowledged,
  sealsLastNumber: true,
  saysComplete: hasEverything,

  recordsRunFirst: true,
  sealed: (run, { sealAfter }, { sealFollows }) =>
    sealAfter === 'now' || (sealAfter === 'first' && isSealed(run, sealFollows)),
  lists: ({ journal }) => journal.map(({ number }) => number),
  sweepFrom: ({ done }) => done,
  counts: true,
  sweepMayClose: ({ got, last }) => got.every((number) => number === last),
  tells: 'before',

  crashesQuarantine: true,
  suspectsAlone: true,
  successClears: true,
  refusalCounts: false,
  refusedRecordCounts: false,

  covers: ({ table }) => table.record === 'complete',
  sealOfAudit: 'first',
  marksWhenOvertaken: false,
};

/** I5: the lease is taken out altogether. */
export const rulesWithoutLease: Rules = { ...rulesOfTheDesign, leases: false };

/** A minute after the limit. */
function isOver({ age }: Run, limit: Limit): boolean {
  return age === 'lease-expired' || isSealed({ age }, limit);
}

/** Five minutes after the limit. */
function isSealed({ age }: Pick<Run, 'age'>, limit: Limit): boolean {
  return age === 'seal-passed' || age === `${limit}-passed`;
}
