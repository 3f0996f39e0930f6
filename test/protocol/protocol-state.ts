/**
 * What the model of the collector's protocol remembers: one stream, its runs, and the sweeps beside them.
 *
 * An event is no more than its batch, and a batch no more than its place among the answers that the run received:
 * 1, 2, ... Delivered and quarantined are one thing here, `settled`, since the invariants treat them alike; only the
 * quarantine for crashes is remembered beside it.
 */
export interface ProtocolState {
  readonly runs: readonly Run[];
  readonly sweeps: readonly Sweep[];
  readonly audit: Audit;
  /** The run named by the lease on `META`. */
  readonly lease: number | undefined;
  /** The lease in the copy of the table that may be put back; undefined while there is no copy. */
  readonly copied: { readonly lease: number | undefined } | undefined;
  /** How many times more the table may be put back. */
  readonly restoresLeft: number;
  /** How many passes more may be killed while a batch is being attempted, without the batch's doing. */
  readonly mishapsLeft: number;
}

export interface Run {
  readonly phase: Phase;
  readonly age: Age;

  /** Batches that Mosaic gave up to this run, whether or not they arrived. Forgotten with the process, as are the next three. */
  readonly consumed: number;
  /** Of these, the answers that arrived whole. */
  readonly answers: number;
  /** Answers whose PUT was acknowledged. */
  readonly acknowledged: number;
  /** How far each destination has got, as the process knows. */
  readonly got: PerDestination;
  /** The table was put back after the run's last write to its `OPEN`. */
  readonly overtaken: boolean;

  /** PUTs that were sent and may still land. */
  readonly underWay: readonly JournalObject[];
  /** What S3 holds. */
  readonly journal: readonly JournalObject[];
  /** What the lifecycle has deleted. */
  readonly expired: readonly JournalObject[];
  /** Every answer that was ever in the journal, for the invariants alone. */
  readonly everJournaled: readonly number[];
  /** For each answer, the destinations that have it: [1] is the first's, and so on. */
  readonly settled: readonly (readonly boolean[])[];
  /** Answers that a sweep has emitted as lost. */
  readonly told: readonly number[];
  /** Batches that went to quarantine because their attempts ended in crashes. */
  readonly crashed: readonly Crashed[];

  readonly table: Items;
  /** The run's items in the copy of the table. */
  readonly copy: Items | undefined;
  /** The run lies in the days that the next audit looks at. It never does before the table has been put back. */
  readonly auditOwed: boolean;
}

/**
 * `parting` has closed, sealed or left its `OPEN`, and has only its end to write. `gone` has ended or was killed:
 * the difference lies in the lease alone.
 */
export type Phase = 'waiting' | 'leased' | 'working' | 'ending' | 'recorded' | 'parting' | 'gone';

/**
 * A run has two limits, the deadline that Lambda tells and its start plus the timeout of the settings, and Lambda kills
 * it at one of them. `deadline-passed` and `setting-passed`: that limit lies five minutes back, and the run lives on by
 * the other. `lease-expired`: both have passed, so that the run is dead. `seal-passed`: no write of it lives either.
 */
export type Age = 'young' | 'deadline-passed' | 'setting-passed' | 'lease-expired' | 'seal-passed';

export interface JournalObject {
  readonly number: number;
  readonly answer: number;
}

/** What the table holds of a run. `closed` and `never` differ for the invariants alone: both mean that there is no item. */
export interface Items {
  readonly open: OpenItem | 'never' | 'closed';
  /** `RUN#`: whether there is one, and says `complete`. */
  readonly record: 'none' | 'ended' | 'complete';
}

export interface OpenItem {
  readonly done: PerDestination;
  /** Late events by destination. Each batch counts as one, a lost batch too. */
  readonly late: PerDestination;
  /** `first` is when neither the run nor a write of its can be alive, `now` what an orderly end writes; `none` is an item that has none. */
  readonly sealAfter: 'first' | 'now' | 'none';
  /** The last batch that is known to be in the journal; always 0 where nothing expires. */
  readonly lastNumber: number;
  /** `lastNumber` is final: the run has ended in order, or a sweep has listed it. */
  readonly counted: boolean;
  /** A sweep has had its first look, so that days may pass; never where nothing expires. */
  readonly looked: boolean;
  /** For each destination, the batch that has been attempted and how often; number 0 where none was. */
  readonly tries: readonly { readonly number: number; readonly count: number }[];
}

export type PerDestination = readonly number[];

/** A batch of a run, seen from one destination. */
export interface Attempted {
  readonly number: number;
  readonly destination: number;
}

export interface Crashed extends Attempted {
  /** It does end every attempt. */
  readonly poison: boolean;
}

/** One pass over one `OPEN`; undefined between passes. */
export type Sweep = Pass | undefined;

export interface Pass {
  readonly run: number;
  /** The numbers that the journal held when the pass listed it. */
  readonly listed: readonly number[];
  /** The run's last number, as listed or as `OPEN` knows it. */
  readonly last: number;
  readonly got: PerDestination;
  /** For each destination, its loop: `ended` takes nothing more in this pass. Only where tries are counted. */
  readonly loops: readonly Loop[];
  /** Destinations whose next batch had a try standing when the pass began, and that have not been attempted alone yet. */
  readonly suspects: readonly number[];
  /** Numbers that it has passed over and not emitted as lost, which it has to do at once. */
  readonly untold: readonly number[];
  /** The pass has written `complete` into `RUN#`. */
  readonly recorded: boolean;
  /** The pass has deleted `OPEN`. */
  readonly closed: boolean;
}

export type Loop = 'idle' | 'attempting' | 'accepted' | 'ended';

export interface Audit {
  readonly stage: 'idle' | 'listed-journal' | 'listed-open' | 'listed-records';
  /** Runs that it will reopen, unless one of its next lists covers them. */
  readonly uncovered: readonly number[];
  /** Runs that were over when it began: the next audit looks at later days. */
  readonly past: readonly number[];
  /** The table was put back since it began. */
  readonly overtaken: boolean;
}
