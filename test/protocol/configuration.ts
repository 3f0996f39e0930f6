import type { Attempted, OpenItem, ProtocolState, Run } from './protocol-state.ts';

/** How much of the world a model has. What is absent does not happen. */
export interface Configuration {
  readonly runs: number;
  readonly batches: number;
  readonly destinations: number;
  readonly sweeps: number;
  /** How often the table is put back to an earlier state, in a history. Audits come with it. */
  readonly restores?: number;
  /** The first run was killed, with all its batches journaled and none delivered, before the history begins. */
  readonly killedFirst?: boolean;
  /** The first copy was made before the first run. */
  readonly copiedBefore?: boolean;
  /** The lifecycle deletes objects of runs whose `OPEN` a sweep has looked at. */
  readonly expiry?: boolean;
  /** Lambda's deadline and the timeout of the settings may differ. */
  readonly limitsDiffer?: boolean;
  readonly tries?: TriesConfiguration;
}

/** Sweeps count their attempts. */
export interface TriesConfiguration {
  /** So many crashes put a batch in quarantine. */
  readonly limit: number;
  /** Batches whose every attempt ends the process. */
  readonly poison: readonly Attempted[];
  /** How many passes are killed without the doing of a batch. */
  readonly mishaps: number;
}

export function initialState(configuration: Configuration): ProtocolState {
  const { runs, sweeps, restores = 0, killedFirst, copiedBefore, tries } = configuration;
  const waiting = waitingRun(configuration);
  const copy = copiedBefore ? waiting.table : undefined;
  return {
    runs: Array.from({ length: runs }, (_, at) => ({
      ...(killedFirst && at === 0 ? killedRun(configuration) : waiting),
      copy,
    })),
    sweeps: new Array(sweeps).fill(undefined),
    audit: { stage: 'idle', uncovered: [], past: [], overtaken: false },
    lease: undefined,
    copied: copiedBefore ? { lease: undefined } : undefined,
    restoresLeft: restores,
    mishapsLeft: tries?.mishaps ?? 0,
  };
}

/** An `OPEN` as it is first written. */
export function openItem(
  of: Pick<OpenItem, 'done' | 'sealAfter' | 'lastNumber'> & Partial<OpenItem>,
): OpenItem {
  return {
    done: of.done,
    late: of.late ?? of.done.map(() => 0),
    sealAfter: of.sealAfter,
    lastNumber: of.lastNumber,
    counted: of.counted ?? false,
    looked: false,
    tries: of.done.map(() => untried),
  };
}

export const untried = { number: 0, count: 0 };

function waitingRun({ batches, destinations }: Configuration): Run {
  return {
    phase: 'waiting',
    age: 'young',
    consumed: 0,
    answers: 0,
    acknowledged: 0,
    got: new Array(destinations).fill(0),
    overtaken: false,
    underWay: [],
    journal: [],
    expired: [],
    everJournaled: [],
    settled: new Array(batches).fill(new Array(destinations).fill(false)),
    told: [],
    crashed: [],
    table: { open: 'never', record: 'none' },
    copy: undefined,
    auditOwed: false,
  };
}

function killedRun(configuration: Configuration): Run {
  const run = waitingRun(configuration);
  const answers = Array.from({ length: configuration.batches }, (_, at) => at + 1);
  return {
    ...run,
    phase: 'gone',
    age: 'seal-passed',
    journal: answers.map((answer) => ({ number: answer, answer })),
    everJournaled: answers,
    table: { ...run.table, open: openItem({ done: run.got, sealAfter: 'first', lastNumber: 0 }) },
  };
}
