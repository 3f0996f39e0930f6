import type { Size } from './protocol-state.ts';
import { rulesOfTheDesign as design, type Rules } from './rules.ts';
import { isOpen } from './state-changes.ts';

/** Protocols that are wrong in one decision, and what has to notice. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    says: 'records a batch before it is delivered',
    change: { progress: (run) => run.acknowledged },
    breaks: 'I3',
  },
  {
    says: 'lets a sweep take an OPEN that is not sealed',
    change: { sealed: () => true },
    breaks: 'I4',
  },
  {
    says: 'closes with a PUT unacknowledged, since all that was acknowledged is delivered',
    change: { mayClose: (run) => run.got.every((number) => number === run.acknowledged) },
    breaks: 'I4',
  },
  {
    says: 'seals as of now with a PUT unacknowledged',
    change: { maySeal: () => true },
    breaks: 'I4',
  },
  {
    says: 'writes OPEN after the first journal object',
    change: {
      mayCollect: (run) => design.mayCollect(run) || (run.phase === 'leased' && run.answers === 0),
    },
    breaks: 'I1',
  },
  {
    says: 'closes when one destination has everything',
    change: { mayClose: (run) => run.got.some((number) => number === run.answers) },
    breaks: 'I4',
  },
  {
    says: 'lets a sweep close when one destination has everything',
    change: { sweepMayClose: (got, last) => got.includes(last) },
    breaks: 'I4',
  },
  {
    says: 'goes past a failed batch',
    change: { stopsAtFailedBatch: false },
    breaks: 'I3',
  },
  {
    says: 'uses a number again',
    change: { nextNumber: () => 1 },
    breaks: 'I1',
  },
  {
    says: 'asks on after an unknown outcome',
    change: { goesOnAfterUnknown: true },
    breaks: 'one batch',
  },
  {
    says: 'asks on while a PUT is unacknowledged',
    change: { mayCollect: (run) => run.phase === 'working' },
    breaks: 'I2',
  },
  {
    says: 'deletes OPEN before RUN# is written',
    change: { recordsRunFirst: false },
    breaks: 'RUN#',
  },
  {
    says: 'sweeps every destination from where the furthest has got',
    change: { sweepFrom: ({ done }) => done.map(() => Math.max(...done)) },
    breaks: 'I3',
  },
  {
    says: 'keeps one OPEN item a stream, which the next run overwrites',
    size: { runs: 2, batches: 1, destinations: 1, sweeps: 0 },
    change: { openItemPerRun: false },
    breaks: 'I1',
  },
  {
    says: 'writes progress on an OPEN that is gone, which brings it back',
    change: { recordsOnlyOnOpen: false },
    breaks: 'L1',
  },
  {
    says: 'sweeps only what ended in order',
    change: { sealed: (_, open) => open.sealAfter === 'now' },
    breaks: 'L1',
  },
  {
    says: 'sweeps only what never ended',
    change: { sealed: (run, open) => open.sealAfter === 'first' && design.sealed(run, open) },
    breaks: 'L1',
  },
  {
    says: 'begins only when nothing is open',
    size: { runs: 2, batches: 1, destinations: 1, sweeps: 1 },
    change: { mayStart: (state) => design.mayStart(state) && !state.runs.some(isOpen) },
    breaks: 'L2',
  },
];

export interface PlantedFault {
  readonly says: string;
  /** One run of two batches, two destinations and two sweeps, unless another shows it. */
  readonly size?: Size;
  readonly change: Partial<Rules>;
  /** How the name of the invariant begins. */
  readonly breaks: string;
}
