import type { FaultSets } from './fault-set.ts';
import type { ProgressOutput } from './progress.ts';
import type { SynthesizeOptions } from './synthesize.ts';

/** What a run needs of the process that it runs in. */
export interface RunContext {
  /** The project's folder. */
  readonly root: string;
  readonly stdout: ProgressOutput;
  readonly stderr: ProgressOutput;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `synthesize`, or what stands in for it where one synth serves many runs. */
  readonly synthesize: (options: SynthesizeOptions) => Promise<void>;
  /** What each name of `--faults` stands for; absent in a program that draws none. */
  readonly faultSets?: FaultSets;
  /** Aborts with an `Interrupted`. */
  readonly signal: AbortSignal;
}
