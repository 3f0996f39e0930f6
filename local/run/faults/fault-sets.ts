import { destinationFaults } from './destination-faults.ts';
import { everythingFaults } from './everything/everything-faults.ts';
import type { FaultSet } from './fault-set.ts';

/** Every name that `--faults` takes. */
export const faultSets = {
  destinations: destinationFaults,
  everything: everythingFaults,
} as const satisfies Readonly<Record<string, FaultSet>>;

export type FaultSetName = keyof typeof faultSets;
export const faultSetNames = Object.keys(faultSets) as readonly FaultSetName[];

/** Those that a run can go on under, whose end nobody knows: no process is killed, and nothing is lost. */
export const servedFaultSetNames = ['destinations'] as const satisfies readonly FaultSetName[];
