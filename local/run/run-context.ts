import type { Ask } from '../../cli/ask.ts';
import type { FaultSets } from './fault-set.ts';
import type { StartName } from './flags.ts';
import type { ProgressOutput } from './progress.ts';
import type { SynthesizeOptions } from './synthesize.ts';

/** A run's access to its process. */
export interface RunContext {
  /** The folder of the `cdk.json` that names the app. */
  readonly root: string;
  /** As the user called the program. Default `npm start`. */
  readonly called?: StartName | undefined;
  readonly stdout: ProgressOutput;
  readonly stderr: ProgressOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `synthesize`, or its substitute where one synth serves many runs. */
  readonly synthesize: (options: SynthesizeOptions) => Promise<void>;
  /** The fault sets of `--faults`; absent in a program that draws none. */
  readonly faultSets?: FaultSets;
  /** Absent where nobody can be asked. */
  readonly ask?: Ask | undefined;
  /** Aborts with an `Interrupted`. */
  readonly signal: AbortSignal;
}
