// `npm start`: the local run, with the faults that `--faults` draws. It stands here and not in local/ because nothing
// may import lab/: the program that joins the two belongs to the outer one.
import { sayLoading } from '../cli/loading-line.js';

sayLoading();
const [{ start }, { faultSets }] = await Promise.all([
  import('../local/start.ts'),
  import('./faults/fault-sets.ts'),
]);
await start({ faultSets });
