// `npm start`: the local run, with the faults that `--faults` draws. It stands here and not in local/ because nothing
// may import lab/: the program that joins the two belongs to the outer one.
import { start } from '../local/start.ts';
import { faultSets } from './faults/fault-sets.ts';

await start({ faultSets });
