import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsCall, FirehoseFaults, Interference } from '@mosaic-relay/cdk-loopback';
import { deliveredDestinationFolder } from '../../../functions/stored/delivered-key.ts';
import { journalFolder } from '../../../functions/stored/journal-key.ts';
import { quarantineFolder } from '../../../functions/stored/quarantine-key.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { type BucketReader, createBucketReader } from '../../../local/run/bucket-reader.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { s3Holding, s3PlaceOf } from '../../../local/run/s3-holding.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import { stageOf, stageSettings } from '../../infra/synthesized.ts';
import { inSilence } from '../run/in-silence.ts';
import { hidingViews } from './hostile-events.ts';

/** The destinations that see events through a view. */
export const viewed = ['lake', 'outside', 'vendor'] as const;
/** The destination that sees everything. */
export const unviewed = 'raw';

/** A stage whose destination `raw` sees everything and the others a view each, with a record of all that they ever got. */
export interface ViewedStage extends LocalStage {
  readonly stream: WorldStream;
  readonly wrong: {
    call?: ((call: AwsCall) => Interference | undefined) | undefined;
    firehose?: FirehoseFaults;
  };
  /** Lets Mosaic answer the next collect call with these elements, and time pass. */
  answer(body: string, minutes: number): Promise<void>;
  pass(minutes: number): Promise<void>;
  /** Calls of PutRecordBatch for a destination. */
  puts(destination: string): number;
  /** Lines of logs with the word. */
  told(word: string): number;
  /** The lines that a destination holds by now. */
  lines(destination: string): Promise<readonly string[]>;
  /** Everything that is neither the journal, nor the quarantine, nor the destination without a view: where, and the bytes. */
  everythingElse(): Promise<readonly (readonly [where: string, bytes: Uint8Array])[]>;
}

export async function openViewedStage(): Promise<ViewedStage> {
  const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf';
  const settings = stageSettings({
    region: 'us-east-1',
    account: '111122223333',
    views: hidingViews,
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        destinations: [
          { kind: 's3', name: unviewed },
          { kind: 's3', name: 'lake', view: 'analysts' },
          {
            kind: 'splunk',
            name: 'outside',
            endpoint: 'https://splunk.example.com:8088',
            secret,
            retrySeconds: 300,
            view: 'outside',
          },
          {
            kind: 'gcs',
            name: 'vendor',
            bucket: 'vendor-events',
            provider:
              '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
            view: 'outside',
          },
        ],
      },
    ],
  });
  const wrong: ViewedStage['wrong'] = {};
  const answers: string[] = [];
  const calls: AwsCall[] = [];
  const told: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'relay-viewed-'));
  const faults: FirehoseFaults = {
    refuseRecord: (...of) => wrong.firehose?.refuseRecord?.(...of),
    throttleCall: (name) => wrong.firehose?.throttleCall?.(name) ?? false,
  };
  const stage = await openLocalStage({
    stage: 'test',
    types: ['cis'],
    seed: 1,
    source: [],
    ...inSilence({
      synthesize: async ({ outdir }) => void stageApp(stageOf(settings), { outdir }).synth(),
    }),
    mosaic({ operation }) {
      const body = operation === 'collect' ? answers.shift() : undefined;
      if (body === undefined) return undefined;
      return {
        before: { kind: 'status', status: 201, headers: { 'content-type': 'application/json' }, body },
      };
    },
    world: {
      gateway: { interfere: (call) => wrong.call?.(call), observe: (call) => calls.push(call) },
      firehose: { faults },
      lambda: {
        skipSleeps: true,
        onLog: (functionName, line) => told.push(`${functionName}: ${line}`),
        onInvocation: (invocation) => told.push(JSON.stringify(invocation)),
      },
    },
  });
  const { world, receivers } = stage;
  const { clock } = world;
  const stream = stage.streams[0]!;
  const reader = createBucketReader({
    endpoint: world.gatewayUrl,
    region: world.region,
    credentials: world.operatorCredentials(),
  });
  const bucket = String(world.deployment.outputs.BucketName);
  world.startSchedules();
  const pass = async (minutes: number) =>
    void (await clock.runUntil(() => false, clock.now() + minutes * 60_000));
  const deliveryStreamOf = (destination: string) =>
    stream.destinations.find(({ name }) => name === destination)!.deliveryStream;
  const putsOf = (destination: string) =>
    calls.filter(
      ({ operation, input }) =>
        operation === 'PutRecordBatch' && input.DeliveryStreamName === deliveryStreamOf(destination),
    );
  const propertiesOf = (deliveryStream: string) =>
    world.deployment
      .byType('AWS::KinesisFirehose::DeliveryStream')
      .find(({ physicalId }) => physicalId === deliveryStream)!.properties;
  const isRaw = isRawPlace(deliveryStreamOf(unviewed));
  return {
    ...stage,
    stream,
    wrong,
    pass,
    async answer(body, minutes) {
      answers.push(body);
      await pass(minutes);
    },
    puts: (destination) => putsOf(destination).length,
    told: (word) => told.filter((text) => text.includes(word)).length,
    async lines(destination) {
      const lines: string[] = [];
      const visit = (line: Buffer) => void lines.push(line.toString());
      const received = receivers.of(stream.name, destination);
      if (received !== undefined) {
        await received.receiver.eachLine(visit);
        return lines;
      }
      const deliveryStream = deliveryStreamOf(destination);
      const place = s3PlaceOf(propertiesOf(deliveryStream))!;
      const holding = s3Holding({ reader, kind: 's3', name: destination, deliveryStream, place, folder });
      await holding.eachLine(visit);
      return lines;
    },
    async everythingElse() {
      const ofCalls = calls
        .filter((call) => !isRaw(call))
        .map((call) => [`${call.operation} ${call.resource}`, bytesOf(call)] as const);
      const received = viewed.flatMap((name) => receivers.of(stream.name, name) ?? []);
      const held: string[] = [];
      for (const { receiver } of received) await receiver.eachLine((line) => void held.push(line.toString()));
      return [
        ...ofCalls,
        ...(await objectsOf(reader, bucket)),
        ...told.map((text) => ['log or invocation', Buffer.from(text)] as const),
        ...held.map((text) => ['receiver', Buffer.from(text)] as const),
        ['metrics', Buffer.from(JSON.stringify(stage.metrics.store.known()))],
        ['refusals', Buffer.from(JSON.stringify([receivers.refusals(), world.refusals, world.denials]))],
      ];
    },
    async close() {
      reader.close();
      await stage.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const rawFolders = [
  journalFolder,
  quarantineFolder,
  deliveredDestinationFolder({ streamName: 'cis', destination: unviewed }),
];

/** True of calls that write what may hold everything. */
function isRawPlace(deliveryStream: string): (call: AwsCall) => boolean {
  return ({ service, resource, input }) => {
    if (service === 'firehose') return input.DeliveryStreamName === deliveryStream;
    return service === 's3' && rawFolders.some((folder) => resource.includes(`/${folder}`));
  };
}

function bytesOf({ path, headers, body }: AwsCall): Buffer {
  return Buffer.concat([Buffer.from(`${path} ${JSON.stringify(headers)} `), body]);
}

async function objectsOf(reader: BucketReader, bucket: string) {
  const objects: (readonly [string, Uint8Array])[] = [];
  for await (const { key } of reader.list(bucket, '')) {
    if (rawFolders.some((folder) => key.startsWith(folder))) continue;
    const { body, metadata } = await reader.get(bucket, key);
    objects.push(
      [`object ${key}`, body],
      [`metadata of ${key}`, Buffer.from(key + JSON.stringify(metadata))],
    );
  }
  return objects;
}
