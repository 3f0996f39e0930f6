import type { WorldOptions } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import type { LocalStage } from '../local-stage.ts';

/** What `--faults NAME` stands for. To add one, write a file that exports it and name it in `fault-sets.ts`. */
export interface FaultSet {
  /** Draws what goes wrong; the same seed draws the same. */
  prepare(seed: number): PreparedFaults;
}

export interface PreparedFaults {
  /** Hooks that a world must have from its beginning. */
  readonly world: Pick<WorldOptions, 'gateway' | 'firehose'>;
  /**
   * Lets time bring the faults about, from now on.
   * @returns how long it lasts, in milliseconds
   */
  begin(stage: Pick<LocalStage, 'world' | 'streams' | 'receivers'>): number;
  /** Nothing is wrong any more, nor will be. */
  over(): boolean;
  /** Sets everything right now. */
  end(): void;
  /** What befell a stream's destinations by now: fault → how often. */
  befell(stream: WorldStream): Readonly<Record<string, number>>;
}
