import { RelayError } from '../../functions/relay-error.ts';
import { WrongUse } from '../arguments/wrong-use.ts';
import { type Asked, agrees } from '../consent.ts';

/** What a trial is going to change in a tenant, as one sentence without its end. */
function plannedChanges({ url, types, stream, forText, owned }: PlannedTrial): string {
  const all = types.join(', ');
  const named =
    stream === undefined
      ? `creates a stream of each type, which counts among the tenant's streams, and deletes it at the end`
      : `reads the stream ${stream}, and creates it first where there is none; what is read of it no other reader gets`;
  const siems = owned ? '. It is a stream of the settings: its SIEMs never get what is read' : '';
  return (
    `This changes the tenant at ${url}: it starts collection of ${all} where that is off, ${named}. ` +
    "Collection stays on, since turning it off deletes every stream of the type, other readers' too. " +
    `Events are read for ${forText}${siems}`
  );
}

export interface PlannedTrial {
  readonly url: string;
  readonly types: readonly string[];
  /** The id that was named; absent where each type gets a stream of its own. */
  readonly stream?: string;
  /** How long the trial reads, in words. */
  readonly forText: string;
  /** True where a stage of the settings owns the stream. */
  readonly owned: boolean;
}

/**
 * Says what a trial is going to change, and returns once somebody agreed, by `--yes` or at the terminal.
 *
 * @throws {WrongUse} where nobody can be asked
 * @throws {RelayError} `TrialRefused` after a no
 */
export async function agreeToTrial(planned: PlannedTrial, { yes, terminal }: Asked): Promise<void> {
  const changes = plannedChanges(planned);
  if (yes) return terminal.problem(`${changes}.`);
  if (terminal.ask === undefined)
    throw new WrongUse(`${changes}. Nobody can be asked without a terminal: say --yes to go on`);
  if (!(await agrees(`${changes}.`, terminal))) throw new RelayError('TrialRefused', 'nothing was changed');
}

/** What a trial has changed in a tenant and what of that is undone, a line each. */
export function changesText({ url, started, deleted, left }: TrialChanges): readonly string[] {
  return [
    ...deleted.map(({ type, id }) => `Deleted the ${type} stream ${id}, which this trial had created`),
    ...left.map((line) => `NOT deleted: ${line}; delete it in Mosaic's portal`),
    ...started.map(
      (type) =>
        `Collection of ${type} was off and is on now. DELETE ${url}/activities/v1/activities/stop-collect?type=${type} turns it off, ` +
        'and deletes every stream of the type that somebody has made since',
    ),
  ];
}

export interface TrialChanges {
  readonly url: string;
  /** Types whose collection was off. */
  readonly started: readonly string[];
  readonly deleted: readonly { readonly type: string; readonly id: string }[];
  /** Streams that Mosaic did not delete, with the reason. */
  readonly left: readonly string[];
}
