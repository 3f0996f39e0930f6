import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { redrive } from '../../../local/run/redrive.ts';
import type { GcsFaults } from '../../../local/siem/gcs.ts';
import type { AlarmFault } from './alarm-fault.ts';
import { hourMs, type WatchedStage } from './watched-stage.ts';

const refused = {
  skipEffect: true,
  outcome: { status: 403, code: 'AccessDenied', message: 'No.' },
} as const;

/** What goes wrong between the journal and a SIEM, of the stream `cis` with Splunk and GCS. */
export const deliveringFaults: readonly AlarmFault[] = [
  {
    what: 'a batch that Firehose refused, in a journal that nobody may read',
    alarms: ['cis-Undelivered'],
    begin: async (stage) => {
      const { wrong } = stage;
      wrong.call = ({ action }) => (action === 'firehose:PutRecordBatch' ? refused : undefined);
      await stage.pass(hourMs / 12);
      // A collector sits out Firehose's refusals in real time; S3's end a sweep at once.
      wrong.call = ({ action, resource }) =>
        action === 's3:GetObject' && resource.includes('/journal/') ? refused : undefined;
    },
    end: ({ wrong }) => {
      wrong.call = undefined;
    },
  },
  {
    what: 'an answer that is no list of events',
    alarms: ['cis-WaitingForOperator'],
    begin: ({ wrong }) => {
      wrong.mosaic = ({ operation, streamId }) => {
        if (operation !== 'collect' || streamId !== 'relay-cis') return undefined;
        wrong.mosaic = undefined;
        return { damage: 'wrapped' };
      };
    },
    end: (stage) => deleteFolder(stage, 'quarantine/'),
  },
  {
    what: 'a Splunk that is down for longer than Firehose tries',
    alarms: [
      'cis-splunk-DeliveryFailing',
      'cis-splunk-DeliveryBehind',
      'cis-splunk-DeliveryGivenUp',
      'cis-WaitingForOperator',
    ],
    begin: (stage) => {
      faultsOf(stage, 'splunk').down = true;
    },
    end: async (stage) => {
      faultsOf(stage, 'splunk').down = false;
      // What Firehose still holds is delivered first, so that nothing is given up behind the replay.
      await stage.pass(hourMs / 2);
      await replay(stage);
    },
    withinHours: 6,
  },
  {
    what: 'a Google Cloud Storage that is busy',
    alarms: ['cis-gcs-QueueStuck'],
    begin: (stage) => {
      const paths = /^\/(upload|storage)\//;
      faultsOf(stage, 'gcs').refuse = { status: 503, headers: { 'retry-after': '120' }, paths };
    },
    end: (stage) => {
      faultsOf(stage, 'gcs').refuse = undefined;
    },
  },
  {
    what: 'a bucket that is missing in Google Cloud',
    alarms: ['cis-gcs-CopiesSetAside'],
    begin: (stage) => {
      (faultsOf(stage, 'gcs') as GcsFaults).bucketMissing = true;
    },
    end: async (stage) => {
      (faultsOf(stage, 'gcs') as GcsFaults).bucketMissing = false;
      await replay(stage);
    },
  },
];

export function faultsOf({ receivers }: WatchedStage, destination: string) {
  return receivers.of('cis', destination)!.receiver.faults;
}

async function replay({ world, streams }: WatchedStage): Promise<void> {
  await redrive(world, { stage: 'test', streams, signal: new AbortController().signal });
}

async function deleteFolder({ world }: WatchedStage, Prefix: string): Promise<void> {
  const { gatewayUrl: endpoint, region } = world;
  const credentials = world.operatorCredentials();
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const Bucket = String(world.deployment.outputs.BucketName);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix }));
  for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  client.destroy();
}
