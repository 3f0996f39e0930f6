/**
 * What the model of the collector's protocol remembers: one stream, its runs, and the sweeps beside them.
 *
 * Time is three events in a run's life (`age`). An event is no more than its batch, and a batch no more than its
 * place among the answers that the run received: 1, 2, ... Delivered and quarantined are one thing here, `settled`,
 * since no invariant tells them apart.
 */
export interface ProtocolState {
  readonly runs: readonly Run[];
  readonly sweeps: readonly Sweep[];
  /** The run named by the lease on `META`. */
  readonly lease: number | undefined;
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

  /** PUTs that were sent and may still land. */
  readonly underWay: readonly JournalObject[];
  /** What S3 holds. */
  readonly journal: readonly JournalObject[];
  /** Every answer that was ever in the journal, for the invariants alone. */
  readonly everJournaled: readonly number[];
  /** For each answer, the destinations that have it: [1] is the first's, and so on. */
  readonly settled: readonly (readonly boolean[])[];
  readonly open: OpenItem | 'never' | 'closed';
  /** `RUN#` is written. */
  readonly recorded: boolean;
}

/**
 * `parting` has closed, sealed or left its `OPEN`, and has only its end to write. `gone` has ended or was killed:
 * the difference lies in the lease alone.
 */
export type Phase = 'waiting' | 'leased' | 'working' | 'ending' | 'recorded' | 'parting' | 'gone';

/** Lambda has killed the run before its lease expires, and no write of its lives when `sealAfter` has passed. */
export type Age = 'young' | 'lease-expired' | 'seal-passed';

export interface JournalObject {
  readonly number: number;
  readonly answer: number;
}

export interface OpenItem {
  readonly done: PerDestination;
  /** `first` is start + timeout + 5 min, `now` what an orderly end writes; `none` is an item that has none. */
  readonly sealAfter: 'first' | 'now' | 'none';
}

export type PerDestination = readonly number[];

/** One pass over one `OPEN`; undefined between passes. */
export type Sweep =
  | {
      readonly run: number;
      /** The journal's numbers reach from 1 to here. */
      readonly last: number;
      readonly got: PerDestination;
      /** It has seen to it that `RUN#` is there. */
      readonly recorded: boolean;
    }
  | undefined;

export interface Size {
  readonly runs: number;
  readonly batches: number;
  readonly destinations: number;
  readonly sweeps: number;
}

export function initialState(size: Size): ProtocolState {
  const run: Run = {
    phase: 'waiting',
    age: 'young',
    consumed: 0,
    answers: 0,
    acknowledged: 0,
    got: new Array(size.destinations).fill(0),
    underWay: [],
    journal: [],
    everJournaled: [],
    settled: new Array(size.batches).fill(new Array(size.destinations).fill(false)),
    open: 'never',
    recorded: false,
  };
  return {
    runs: new Array(size.runs).fill(run),
    sweeps: new Array(size.sweeps).fill(undefined),
    lease: undefined,
  };
}
