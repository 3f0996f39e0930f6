import { createDynamoState } from '../../functions/collector/adapters/dynamo-state.ts';
import { createStreamItems } from '../../functions/collector/adapters/stream-items.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../functions/collector/answers/whole-events.ts';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import { readBackupKey } from '../../functions/stored/backup-key.ts';
import { readErrorObject } from '../../functions/stored/backup-object.ts';
import { readJournalKey } from '../../functions/stored/journal-key.ts';
import { metaKey } from '../../functions/stored/meta-item.ts';
import { readQuarantineKey } from '../../functions/stored/quarantine-key.ts';
import { replayNoteKey } from '../../functions/stored/replayed-key.ts';
import { readFolderUse } from '../../functions/stored/stream-register.ts';
import { createBucket, type ObjectContent } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { stateOf } from '../access/open-relay.ts';
import { type RunsOnRecord, readRuns } from '../evidence/owed.ts';
import { depthOf } from '../kept/kept-state.ts';
import { createMarks, type Marks } from '../replay/marks.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { operatorCapBytes } from '../replay/sources/journal.ts';
import { batchOfEntry } from '../replay/sources/quarantine.ts';
import type { ErasePlace } from './erase-place.ts';
import { heldBack, isLeftOut } from './held-back.ts';
import { journaledBatch } from './search-place.ts';

/** Tells whether an object is still owed to anybody. Reads the table when a stream is first asked about. */
export interface Owed {
  /** @returns what is owed and what to do about it, for an operator; undefined where nothing is owed */
  reason(place: ErasePlace, object: ObjectContent): Promise<string | undefined>;
  /** When a batch was delivered, or replayed, for the last time, in ms since the epoch. */
  deliveredAt(place: ErasePlace): Promise<number>;
}

export function createOwed(relay: DeployedRelay): Owed {
  const known = new Map<string, Promise<StreamFacts>>();
  const factsOf = (streamName: string): Promise<StreamFacts> => {
    const facts = known.get(streamName) ?? readFacts(relay, streamName);
    known.set(streamName, facts);
    return facts;
  };
  return {
    async reason(place, object) {
      const facts = await factsOf(place.streamName);
      if (place.kind === 'journal') return journalOwed(place, object, { ...facts, now: relay.now() });
      if (place.kind === 'delivered') return copierOwed(relay, place, facts);
      if (place.isReplayed) return lateOwed(place, facts);
      return place.kind === 'backup'
        ? backupOwed(place, object, facts)
        : quarantineOwed(place, object, facts);
    },
    async deliveredAt(place) {
      const { runs, stream } = await factsOf(place.streamName);
      const batch = { ...place, ...readJournalKey(place.key)! };
      if (runs.open(batch) !== undefined) return relay.now();
      const record = await runs.record(batch);
      const times = [place.modifiedAt, record?.sweptAt ?? record?.endedAt ?? 0];
      for (const { name: destination } of stream?.destinations ?? []) {
        const owner = { note: 'marks', streamName: place.streamName, destination } as const;
        for await (const mark of place.bucket.list(replayNoteKey(owner, place.key)))
          times.push(mark.modifiedAt);
      }
      return Math.max(...times);
    },
  };
}

interface StreamFacts {
  /** Undefined for a stream that has left the settings. */
  readonly stream: DeployedStream | undefined;
  /** As people call it. */
  readonly label: string;
  readonly state: State;
  readonly runs: RunsOnRecord;
  readonly marks: Marks;
  /** The use of each folder, as a `META` item tells it. */
  readonly folderUse: (destination: string) => 'kept' | 'copied' | undefined;
  /** Batches that were collected from this time on are still compared with a witness; absent without one. */
  readonly comparedUntil?: number;
}

async function readFacts(relay: DeployedRelay, streamName: string): Promise<StreamFacts> {
  const stream = relay.streams.find(({ name }) => name === streamName);
  const options = {
    ...{ client: relay.clients.dynamoDb, tableName: relay.table, streamName },
    ...{ streamId: stream?.id ?? '', type: stream?.type ?? '', recordSeconds: 0 },
  };
  const state = createDynamoState(options);
  const item = await createStreamItems(options).read(metaKey);
  return {
    ...{ stream, state, label: stream?.label ?? streamName },
    runs: await readRuns(state),
    marks: createMarks(createBucket(relay.clients.s3, relay.bucket), streamName, relay.now),
    folderUse: (destination) => readFolderUse(item, destination),
    ...(await comparison(relay, streamName)),
  };
}

/** A witness finds an event of its own in the batches of a day around, and an hour of a witness is compared once. */
async function comparison(
  relay: DeployedRelay,
  streamName: string,
): Promise<Pick<StreamFacts, 'comparedUntil'>> {
  const ofWitness = relay.streams.find(
    ({ name, settings }) =>
      [name, settings.witnessOf?.name].includes(streamName) && settings.witnessOf !== undefined,
  );
  if (ofWitness === undefined) return {};
  const meta = await stateOf(relay, ofWitness).meta.readMeta();
  const until = meta?.comparedUntil ?? 0;
  return { comparedUntil: ofWitness.name === streamName ? until : until - searchedAroundMs };
}

const searchedAroundMs = 24 * 3_600_000;

async function journalOwed(
  place: ErasePlace,
  object: ObjectContent,
  facts: StreamFacts & { readonly now: number },
): Promise<string | undefined> {
  const { label, stream, runs, marks, comparedUntil } = facts;
  const batch = { ...place, ...readJournalKey(place.key)! };
  const journaled = journaledBatch(place, object);
  const { collectedAt } = journaled;
  if (comparedUntil !== undefined && collectedAt >= comparedUntil)
    return `a witness has still to compare it: erase it again a day and some hours after it was collected`;
  const open = runs.open(batch);
  if (open !== undefined) {
    const lacking = Object.keys(open.done).filter((name) => open.done[name]! < batch.number);
    const told = { late: open.late, until: facts.now };
    if (lacking.length === 0) return heldBack(place.key, journaled, { stream, marks, told });
    const known = stream?.destinations.map(({ name }) => name) ?? [];
    const removed = lacking.filter((name) => !known.includes(name));
    if (removed.length === lacking.length)
      return `it is owed to ${removed.join(', ')}, which the stream no longer has: put that back until it has it, or let the batch expire`;
    return `${lacking.join(', ')} has not got it: the sweep delivers it; erase it again when relay status shows nothing undelivered of ${label}`;
  }
  const record = await runs.record(batch);
  // A record of an earlier version does not say, and covers.
  if (record !== undefined && record.complete !== false) {
    const told = { late: record.late, until: record.sweptAt ?? record.endedAt };
    return heldBack(place.key, journaled, { stream, marks, told });
  }
  const names = stream?.destinations.map(({ name }) => name) ?? [];
  for (const name of names)
    if (!(await marks.has(name, place.key)))
      return `the table has no record that ${name} has it: the daily audit delivers what it finds of the last days, relay replay --stream ${label} --source journal the rest`;
  return heldBack(place.key, journaled, { stream, marks, told: { late: undefined, until: collectedAt } });
}

/** Objects on their way to a receiver are owed while their copier's queue holds anything: a message names no event. */
async function copierOwed(
  relay: DeployedRelay,
  { streamName, destination, modifiedAt }: ErasePlace,
  { stream, label, folderUse }: StreamFacts,
): Promise<string | undefined> {
  const present = stream?.destinations.find(({ name }) => name === destination);
  if (present?.copier === undefined) {
    if (present !== undefined || folderUse(destination!) !== 'copied') return undefined;
    return `it is on its way to the receiver of a removed destination: relay forget --stream ${streamName} --destination ${destination} --yes deletes it when it is copied`;
  }
  const { queueArn, environment } = present.copier;
  const waiting =
    (await depthOf(relay.clients.sqs, queueUrlOf(queueArn, environment.DEAD_LETTER_QUEUE_URL))) +
    (await depthOf(relay.clients.sqs, environment.DEAD_LETTER_QUEUE_URL));
  if (waiting === 0 && relay.now() - modifiedAt > toldWithinMs) return undefined;
  return `it may still be on its way to ${destination}: erase it again when its copier's queue and dead letters are empty (relay status; relay replay --stream ${label} --source queues)`;
}

/** S3 tells a queue of a new object within seconds mostly, and sometimes minutes. */
const toldWithinMs = 30 * 60_000;

/** Both queues are of one account and region. */
function queueUrlOf(queueArn: string, deadLetterUrl: string): string {
  return `${deadLetterUrl.slice(0, deadLetterUrl.lastIndexOf('/') + 1)}${queueArn.slice(queueArn.lastIndexOf(':') + 1)}`;
}

async function backupOwed(
  { firstKey, key, destination = '' }: ErasePlace,
  { body }: ObjectContent,
  { stream, label, marks }: StreamFacts,
): Promise<string | undefined> {
  if (readBackupKey(firstKey)?.isCopy === true) return undefined;
  const present = stream?.destinations.find(({ name }) => name === destination);
  if (present === undefined) return undefined;
  // A replay sends no line of another view than today's. The journal alone brings such events.
  const lines = readErrorObject(body).lines.filter((line) => {
    const relayed = readRelayedLine(line);
    return relayed !== undefined && relayed.view === present.view;
  }).length;
  if (await hasAll(marks, { destination, key, lines })) return undefined;
  return `${destination} has not got it: relay replay --stream ${label} --source firehose-errors --destination ${destination} sends it`;
}

async function quarantineOwed(
  place: ErasePlace,
  object: ObjectContent,
  { stream, label, marks }: StreamFacts,
): Promise<string | undefined> {
  const names = stream?.destinations.map(({ name }) => name) ?? [];
  const entry = readQuarantineKey(place.key, names)!;
  const owed = entry.destination === undefined ? names : names.filter((name) => name === entry.destination);
  const opened = openBatch(batchOfEntry(object, entry), operatorCapBytes);
  // An event that no destination can ever take is owed to nobody.
  const cut = 'damaged' in opened ? openCutOff(opened, operatorCapBytes)?.cut : opened.cut;
  if (cut === undefined || cut.count === 0) return undefined;
  for (const destination of owed)
    if (!(await hasAll(marks, { destination, key: place.key, lines: cut.count })))
      return `${destination} has not got it: relay replay --stream ${label} --source quarantine sends what can be sent`;
  return undefined;
}

/** Replayed batches wait for nobody, but for events that were too old or too new when a replay came. */
async function lateOwed(
  { kind, firstKey }: ErasePlace,
  { stream, label, marks }: StreamFacts,
): Promise<string | undefined> {
  const source = kind === 'backup' ? 'firehose-errors' : 'quarantine';
  for (const { name } of stream?.destinations ?? [])
    if (await isLeftOut(marks, name, firstKey))
      return `${name} has not got its late events, which a replay left out: relay replay --stream ${label} --source ${source} --destination ${name} --late sends them`;
  return undefined;
}

/** A replay that has dealt with every line has left only what no record to the destination can hold, and late events. */
async function hasAll(
  marks: Marks,
  { destination, key, lines }: { readonly destination: string; readonly key: string; readonly lines: number },
): Promise<boolean> {
  if (await marks.has(destination, key)) return !(await isLeftOut(marks, destination, key));
  const { events, leftOut } = await marks.part(destination, key);
  return events >= lines && leftOut.length === 0;
}
