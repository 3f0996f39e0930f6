import { createDynamoState } from '../../functions/collector/adapters/dynamo-state.ts';
import { pseudonymOf } from '../../functions/collector/views/pseudonym.ts';
import { type CompiledShape, placesOf } from '../../functions/stored/compiled-shape.ts';
import { journalFolder } from '../../functions/stored/journal-key.ts';
import { viewsFolder } from '../../functions/stored/kept-view.ts';
import { quarantineFolder } from '../../functions/stored/quarantine-key.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { openKeptViews } from '../evidence/kept-views.ts';
import { bucketOfDestination } from '../evidence/readable-destination.ts';
import type { OpenedKey } from '../evidence/view-secret.ts';
import type { TimeRange } from '../replay/waiting.ts';
import type { ValueSearch } from './search-place.ts';
import { seekValue } from './sought-value.ts';

export interface BegunSearch {
  readonly search: ValueSearch;
  /** Keys that could not be used, a line for each. */
  readonly problems: readonly string[];
  /** What no search of buckets reaches, a line for each. */
  readonly reach: readonly string[];
  /** By the name of each stream that has had a view with a key: why keys of its views cannot be used. */
  readonly viewed: ReadonlyMap<string, readonly string[]>;
}

/**
 * Begins the search for a value: by the value itself, by the pseudonyms that the keys of the stage's views make of it, and
 * by the ids of the events that are found on the way.
 */
export async function beginSearch({ relay, members, value, range }: SearchOptions): Promise<BegunSearch> {
  const { keys, viewed, shapes } = await keptOf(relay);
  const usable = keys.flatMap(({ key }) => key ?? []);
  const makers = keys.flatMap(({ idOf }) => idOf ?? []);
  const types = await typesOf(relay);
  const ids = new Set<string>();
  const search: ValueSearch = {
    sought: seekValue(
      [...members, ...shapes.flatMap((shape) => members.flatMap((each) => placesOf(shape, each)))],
      [value, ...usable.map((key) => pseudonymOf(key, value))],
    ),
    range,
    ids,
    found(id) {
      ids.add(id);
      for (const idOf of makers) ids.add(idOf(id));
    },
    typeOf: (streamName) => types.get(streamName),
    keyIds: new Set(usable.map(({ id }) => id)),
    otherKeyAt: new Set(),
  };
  const problems = keys.flatMap(({ problem }) =>
    problem === undefined ? [] : [`${problem}: pseudonyms and ids that are made with it were not looked for`],
  );
  return { search, problems, reach: await beyondReach(relay), viewed };
}

interface SearchOptions {
  readonly relay: DeployedRelay;
  readonly members: readonly string[];
  readonly value: string;
  readonly range: TimeRange | undefined;
}

/** The keys and the shapes of every view that the stage has had, those of removed streams too. */
async function keptOf(relay: DeployedRelay): Promise<Kept> {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const names = (await bucket.folders(viewsFolder)).map((folder) => folder.slice(0, -1));
  const keys: OpenedKey[] = [];
  const known = new Set<string>();
  const viewed = new Map<string, readonly string[]>();
  const shapes: CompiledShape[] = [];
  for (const name of names) {
    const views = openKeptViews(relay, { name });
    const ofStream = await views.keys();
    shapes.push(...(await views.shapes()));
    keys.push(...ofStream.filter(({ secretId }) => !known.has(secretId)));
    for (const { secretId } of ofStream) known.add(secretId);
    if (ofStream.length > 0)
      viewed.set(
        name,
        ofStream.flatMap(({ problem }) => problem ?? []),
      );
  }
  return { keys, viewed, shapes };
}

interface Kept extends Pick<BegunSearch, 'viewed'> {
  readonly keys: readonly OpenedKey[];
  readonly shapes: readonly CompiledShape[];
}

/** The type of every stream that has objects, of which ids are made. The table knows those of removed streams. */
async function typesOf(relay: DeployedRelay): Promise<ReadonlyMap<string, string>> {
  const types = new Map<string, string>(relay.streams.map(({ name, type }) => [name, type]));
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  for (const folder of [journalFolder, quarantineFolder]) {
    for (const each of await bucket.folders(folder)) {
      const streamName = each.slice(0, -1);
      if (types.has(streamName)) continue;
      const { client, tableName } = { client: relay.clients.dynamoDb, tableName: relay.table };
      const unknown = { streamId: '', type: '', recordSeconds: 0 };
      const meta = await createDynamoState({ client, tableName, streamName, ...unknown }).meta.readMeta();
      if (meta !== undefined && meta.type !== '') types.set(streamName, meta.type);
    }
  }
  return types;
}

async function beyondReach(relay: DeployedRelay): Promise<readonly string[]> {
  const receivers: string[] = [];
  const views: string[] = [];
  for (const { label, destinations } of relay.streams)
    for (const { name, copier, deliveryStream, view } of destinations) {
      const isReached =
        copier === undefined && (await bucketOfDestination(relay, deliveryStream)) !== undefined;
      if (!isReached) receivers.push(`${name} of ${label}`);
      else if (view !== undefined) views.push(`${name} of ${label}`);
    }
  return [
    ...(receivers.length === 0
      ? []
      : [`not reached from here, erase there by its own means: ${receivers.join(', ')}`]),
    ...(views.length === 0
      ? []
      : [
          `behind a view, where lines that mask or lack the value are known by the ids of events found elsewhere alone: ${views.join(', ')}`,
        ]),
    'delivery streams may hold events for up to 24 hours, and queues name objects for up to 14 days: run the command once more after 28 hours',
  ];
}
