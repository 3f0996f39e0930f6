import { twoSweptRuns } from './configurations.ts';
import { plantedAudits } from './planted-audits.ts';
import type { PlantedFault } from './planted-fault.ts';
import { plantedSweeps } from './planted-sweeps.ts';
import { rulesOfTheDesign as design } from './rules.ts';
import { openOf } from './state-changes.ts';

const plantedRuns: readonly PlantedFault[] = [
  {
    says: 'records a batch before it is delivered',
    change: { progress: (run) => run.acknowledged },
    breaks: 'I3',
  },
  {
    says: 'closes with a PUT unacknowledged, since all that was acknowledged is delivered',
    change: { mayClose: hasAllAcknowledged, saysComplete: hasAllAcknowledged },
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
    change: { mayClose: oneHasEverything, saysComplete: oneHasEverything },
    breaks: 'I4',
  },
  {
    says: 'says complete at its end, whatever is delivered',
    change: { saysComplete: () => true },
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
    breaks: 'I4: closed',
  },
  {
    says: 'keeps one OPEN item a stream, which the next run overwrites',
    configuration: twoSweptRuns,
    change: { openItemPerRun: false },
    breaks: 'I1',
  },
  {
    says: 'writes progress on an OPEN that is gone, which brings it back',
    change: { recordsOnlyOnOpen: false },
    breaks: 'L1',
  },
  {
    says: 'begins only when nothing is open',
    configuration: twoSweptRuns,
    change: {
      mayStart: (state, rules) =>
        design.mayStart(state, rules) && state.runs.every((run) => openOf(run) === undefined),
    },
    breaks: 'L2',
  },
];

export const plantedFaults: readonly PlantedFault[] = [...plantedRuns, ...plantedSweeps, ...plantedAudits];

function hasAllAcknowledged({
  got,
  acknowledged,
}: {
  got: readonly number[];
  acknowledged: number;
}): boolean {
  return got.every((number) => number === acknowledged);
}

function oneHasEverything({ got, answers }: { got: readonly number[]; answers: number }): boolean {
  return got.some((number) => number === answers);
}
