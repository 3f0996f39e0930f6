import {
  type DeliveryStreamDescription,
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-firehose';
import type { CollectorDestination } from '../../functions/collector/contract.ts';
import { deliveryLogsNameOf, keptLogsNameOf } from '../../functions/stored/delivery-logs-name.ts';
import type { KeptDelivery, KeptDeliveryId } from '../../functions/stored/kept-delivery.ts';
import { createDynamoKept } from '../../functions/stream-lifecycle/adapters/dynamo-kept.ts';
import { destinationTag, stackTag, streamTag } from '../../infra/config/tag-names.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';

/** A delivery stream of this stage that no destination of the settings has any more. */
export interface KeptStream extends KeptDeliveryId {
  readonly deliveryStream: string;
  /** True if the table has a note of it, and Firehose no longer has it: somebody has deleted it by hand. */
  readonly gone: boolean;
  /** As Firehose says, such as `ACTIVE`. */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly metrics: DeliveryMetrics;
  readonly role?: string;
  readonly logGroup?: string;
  /** The end of the name that its copier has, if it has one. */
  readonly copierEnd: string;
}

type DeliveryMetrics = CollectorDestination['deliveryMetrics'];
type Relay = Pick<DeployedRelay, 'clients' | 'connection' | 'stackName' | 'stage' | 'streams' | 'table'>;

/** Firehose takes five calls of each operation in a second from the whole account, and refuses the others. */
const maxAttempts = 8;

/**
 * Finds what removed, renamed and replaced destinations have left: delivery streams with the tags of this stage, which no
 * collector puts to. One that left before there were tags is known by its log group, whose name holds stage, stream and
 * destination. One that somebody has deleted is known by its note in the table.
 */
export async function findKept(relay: Relay): Promise<readonly KeptStream[]> {
  const live = new Set(
    relay.streams.flatMap(({ destinations }) => destinations.map(({ deliveryStream }) => deliveryStream)),
  );
  const firehose = new FirehoseClient({ ...relay.connection, maxAttempts });
  const kept: KeptStream[] = [];
  try {
    const names = await namesOf(relay, firehose);
    for (const name of names) {
      const found = live.has(name) ? undefined : await describe(relay, { name, firehose });
      if (found !== undefined) kept.push(found);
    }
    const notes = await createDynamoKept({ client: relay.clients.dynamoDb, tableName: relay.table }).list();
    return [
      ...kept,
      ...notes
        .filter(({ deliveryStream }) => !names.includes(deliveryStream))
        .map((note) => goneBy(note, relay)),
    ];
  } finally {
    firehose.destroy();
  }
}

/** What can be told of a delivery stream that Firehose no longer has. Its role alone cannot. */
function goneBy(note: KeptDelivery, { stage }: Relay): KeptStream {
  const { streamName, destination, mark, deliveryStream, copierEnd = mark } = note;
  return {
    streamName,
    destination,
    mark,
    deliveryStream,
    gone: true,
    state: 'DELETED',
    createdAt: 0,
    // Nobody asks for them: what Firehose held has gone with it.
    metrics: 'DeliveryToS3',
    logGroup: keptLogsNameOf(stage, note),
    copierEnd,
  };
}

/** A stream is named by its label, its first name or Mosaic's id; one that has left the settings by its first name. */
export function isOfStream({ streams }: Pick<Relay, 'streams'>, kept: KeptStream, nameOrId: string): boolean {
  const named = streams.find(({ label, name, id }) => [label, name, id].includes(nameOrId));
  return kept.streamName === (named?.name ?? nameOrId);
}

/** The name of `dev` begins that of `dev-eu`, too: these are all that could be of the stage. */
async function namesOf({ stackName }: Relay, firehose: FirehoseClient): Promise<readonly string[]> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await firehose.send(
      new ListDeliveryStreamsCommand({
        DeliveryStreamType: 'DirectPut',
        Limit: 100,
        ExclusiveStartDeliveryStreamName: after,
      }),
    );
    const { DeliveryStreamNames: found = [], HasMoreDeliveryStreams: more } = page;
    names.push(...found);
    after = more === true ? found.at(-1) : undefined;
  } while (after !== undefined);
  return names.filter((name) => name.startsWith(`${stackName}-`));
}

/** @returns undefined where it is another stage's, was not named by the relay, or was deleted since it was listed */
async function describe(
  relay: Relay,
  { name, firehose }: { readonly name: string; readonly firehose: FirehoseClient },
): Promise<KeptStream | undefined> {
  const mark = /-([0-9a-f]{8})$/.exec(name)?.[1];
  if (mark === undefined) return undefined;
  const told = await readFacts(relay, { name, firehose });
  if (told === undefined) return undefined;
  const { tags, found } = told;
  const { metrics, role, logGroup } = factsOf(found);
  const owner = ownerByTags(relay, tags) ?? ownerByLogs(relay, logGroup);
  if (owner === undefined) return undefined;
  const unmarked = deliveryLogsNameOf({
    stage: relay.stage,
    stream: owner.streamName,
    end: owner.destination,
  });
  return {
    ...owner,
    mark,
    deliveryStream: name,
    gone: false,
    state: found.DeliveryStreamStatus ?? 'unknown',
    createdAt: found.CreateTimestamp?.getTime() ?? 0,
    metrics,
    role,
    logGroup,
    copierEnd: logGroup === unmarked ? 'copier' : mark,
  };
}

type Tags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[];

async function readFacts(
  { stackName }: Relay,
  { name, firehose }: { readonly name: string; readonly firehose: FirehoseClient },
): Promise<{ readonly tags: Tags; readonly found: DeliveryStreamDescription } | undefined> {
  const named = { DeliveryStreamName: name };
  try {
    const { Tags: tags = [] } = await firehose.send(new ListTagsForDeliveryStreamCommand(named));
    if (tags.some(({ Key, Value }) => Key === stackTag && Value !== stackName)) return undefined;
    const { DeliveryStreamDescription: found } = await firehose.send(
      new DescribeDeliveryStreamCommand(named),
    );
    return found && { tags, found };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

type Owner = Pick<KeptDeliveryId, 'streamName' | 'destination'>;

function ownerByTags({ stackName }: Relay, tags: Tags): Owner | undefined {
  const tagged = (key: string) => tags.find(({ Key }) => Key === key)?.Value;
  const [streamName, destination] = [tagged(streamTag), tagged(destinationTag)];
  if (tagged(stackTag) !== stackName || streamName === undefined || destination === undefined)
    return undefined;
  return { streamName, destination };
}

function ownerByLogs({ stage }: Relay, logGroup: string | undefined): Owner | undefined {
  const [, , of, streamName, destination] = logGroup?.split('/') ?? [];
  if (of !== stage || streamName === undefined || destination === undefined) return undefined;
  return { streamName, destination };
}

const descriptions = {
  ExtendedS3DestinationDescription: 'DeliveryToS3',
  SplunkDestinationDescription: 'DeliveryToSplunk',
  HttpEndpointDestinationDescription: 'DeliveryToHttpEndpoint',
  AmazonopensearchserviceDestinationDescription: 'DeliveryToAmazonOpenSearchService',
  AmazonOpenSearchServerlessDestinationDescription: 'DeliveryToAmazonOpenSearchServerless',
} as const satisfies Readonly<Record<string, DeliveryMetrics>>;

interface Described {
  readonly RoleARN?: string;
  readonly S3DestinationDescription?: { readonly RoleARN?: string };
  readonly CloudWatchLoggingOptions?: { readonly LogGroupName?: string };
}

/** One role serves all of a delivery stream: its receiver's secret and its folders. */
function factsOf({ Destinations: [destination] = [] }: DeliveryStreamDescription) {
  const all = (destination ?? {}) as Readonly<Record<string, Described | undefined>>;
  const [kind, metrics] = Object.entries(descriptions).find(([name]) => all[name] !== undefined) ?? [
    'ExtendedS3DestinationDescription',
    'DeliveryToS3' as const,
  ];
  const facts = all[kind];
  const role = (facts?.S3DestinationDescription?.RoleARN ?? facts?.RoleARN)?.split('/').at(-1);
  return { metrics, role, logGroup: facts?.CloudWatchLoggingOptions?.LogGroupName };
}
