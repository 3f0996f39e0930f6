import { expiring, limitsDiffer, poisoned, poisonedUnderTwo } from './configurations.ts';
import type { PlantedFault } from './planted-fault.ts';
import { rulesOfTheDesign as design } from './rules.ts';

/** Sweeps, and the times and counts on which they rely, that are wrong in one decision. */
export const plantedSweeps: readonly PlantedFault[] = [
  {
    says: 'lets a sweep take an OPEN that is not sealed',
    change: { sealed: () => true },
    breaks: 'I4',
  },
  {
    says: 'lets a sweep close when one destination has everything',
    change: { sweepMayClose: ({ got, last }) => got.includes(last) },
    breaks: 'I4',
  },
  {
    says: 'sweeps every destination from where the furthest has got',
    change: { sweepFrom: ({ done }) => done.map(() => Math.max(...done)) },
    breaks: 'I3',
  },
  {
    says: 'sweeps only what ended in order',
    change: { sealed: (_, open) => open.sealAfter === 'now' },
    breaks: 'L1',
  },
  {
    says: 'sweeps only what never ended',
    change: { sealed: (run, open, rules) => open.sealAfter === 'first' && design.sealed(run, open, rules) },
    breaks: 'L1',
  },

  ...(['setting', 'deadline'] as const).flatMap((limit): readonly PlantedFault[] => [
    {
      says: `seals after the ${limit} alone`,
      configuration: limitsDiffer,
      change: { sealFollows: limit },
      breaks: 'I4',
    },
    {
      says: `gives the lease until the ${limit} alone`,
      configuration: limitsDiffer,
      change: { leaseFollows: limit },
      breaks: 'lease',
    },
  ]),

  {
    says: 'seals without the last number',
    configuration: expiring,
    change: { sealsLastNumber: false },
    breaks: 'I1',
  },
  {
    says: 'does not write down the last number of a killed run',
    configuration: expiring,
    change: { counts: false },
    breaks: 'I1',
  },
  {
    says: 'takes the last number that OPEN knows for that of a killed run, without listing the journal',
    configuration: expiring,
    change: { lists: (_, { lastNumber }) => Array.from({ length: lastNumber }, (_each, at) => at + 1) },
    breaks: 'I1',
  },
  {
    says: 'tells a loss after closing',
    configuration: expiring,
    change: { tells: 'after' },
    breaks: 'I3',
  },
  {
    says: 'closes over a number that is missing',
    configuration: expiring,
    change: { tells: 'never' },
    breaks: 'I3',
  },

  {
    says: 'counts late events before the progress that passes them',
    change: { countsLate: 'before-done' },
    breaks: 'late',
  },
  {
    says: 'records progress without the late events of its batches',
    change: { countsLate: 'never' },
    breaks: 'late',
  },

  {
    says: 'attempts batches with a try standing beside the others, so that one dies of another',
    configuration: poisoned,
    change: { suspectsAlone: false },
    breaks: 'blame',
  },
  {
    says: 'counts the tries of a batch against the next',
    configuration: poisoned,
    change: { successClears: false },
    breaks: 'blame',
  },
  {
    says: 'counts a refusal as a crash',
    configuration: poisonedUnderTwo,
    change: { refusalCounts: true },
    breaks: 'blame',
  },
  {
    says: 'counts progress that the table refused as a crash',
    configuration: poisonedUnderTwo,
    change: { refusedRecordCounts: true },
    breaks: 'blame',
  },
  {
    says: 'attempts a batch for ever that ends every attempt',
    configuration: poisoned,
    change: { crashesQuarantine: false },
    breaks: 'L1',
  },
];
