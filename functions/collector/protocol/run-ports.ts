import type { Answers } from './ports/answers.ts';
import type { Clock } from './ports/clock.ts';
import type { Journal } from './ports/journal.ts';
import type { TellLoss } from './ports/loss.ts';
import type { Quarantine } from './ports/quarantine.ts';
import type { Source } from './ports/source.ts';
import type { State } from './ports/state.ts';

/** What a run needs of the world. */
export interface RunPorts {
  readonly state: State;
  readonly journal: Journal;
  readonly quarantine: Quarantine;
  readonly answers: Answers;
  readonly clock: Clock;
  /** Opens Mosaic's stream of that id for this run alone. */
  readonly openSource: (streamId: string) => Source;
  /** Makes a random id. Lambda's request id would not do, since Lambda repeats it on a retry. */
  readonly newRunId: () => string;
  readonly tellLoss: TellLoss;
}
