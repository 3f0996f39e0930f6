import type { FaultSets } from '../../local/run/fault-set.ts';
import { destinationFaults } from './destination-faults.ts';
import { everythingFaults } from './everything/everything-faults.ts';
import { upgradeFaults } from './upgrade/upgrade-faults.ts';

/** The fault set of each name of `--faults`. To add one, name it in `local/run/fault-set.ts` too. */
export const faultSets: FaultSets = {
  destinations: destinationFaults,
  everything: everythingFaults,
  upgrade: upgradeFaults,
};
