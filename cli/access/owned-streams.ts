import { witnessIdOf } from '../../infra/config/witness.ts';
import { readSettings } from './settings-file.ts';

/**
 * Reads the ids of all streams in the settings, of every stage, and those of their witnesses.
 *
 * @throws {WrongUse} where the settings cannot be read
 */
export async function ownedStreams(settings: string | undefined): Promise<OwnedStreams> {
  const { stages, shown } = await readSettings(settings);
  const streams = Object.values(stages).flatMap((stage) => stage.streams ?? []);
  const ids = streams.flatMap(({ id, pullUrl }) => [
    id,
    id && witnessIdOf(id),
    // A pull URL names its stream in the query.
    pullUrl && URL.canParse(pullUrl) ? new URL(pullUrl).searchParams.get('stream_id') : undefined,
  ]);
  return { ids: new Set(ids.filter((id) => typeof id === 'string')), writtenIn: shown };
}

export interface OwnedStreams {
  readonly ids: ReadonlySet<string>;
  /** The file of the settings, as a message names it. */
  readonly writtenIn: string;
}
