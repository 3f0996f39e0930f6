import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { GcsFaults } from '@mosaic-relay/siem-receivers';
import { createDynamoState } from '../../../functions/collector/adapters/dynamo-state.ts';
import type { State } from '../../../functions/collector/protocol/ports/state.ts';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { redrive } from '../../../local/run/redrive.ts';
import type { AlarmFault } from './alarm-fault.ts';
import { hourMs, type WatchedStage } from './watched-stage.ts';

const refused = {
  skipEffect: true,
  outcome: { status: 403, code: 'AccessDenied', message: 'No.' },
} as const;

/** What goes wrong between the journal and a SIEM, of the stream `cis` with Splunk and GCS. */
export const deliveringFaults: readonly AlarmFault[] = [
  {
    what: 'a batch that Firehose refused, in a journal of a day that nobody may read for eight hours',
    alarms: ['cis-Undelivered', 'cis-NearExpiry'],
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
    withinHours: 9,
  },
  {
    what: 'a run that is owed to a destination that was removed',
    alarms: ['cis-OwedToRemoved'],
    begin: (stage) =>
      withState(stage, async (state) => {
        const { run, startedAt, lastNumber } = await newestRunWithBatches(stage, state);
        await state.openRuns.open({ run, startedAt, lastNumber, sealAfter: 0, done: { gone: 0 }, tries: {} });
      }),
    end: (stage) =>
      withState(stage, async (state) => {
        const owed = (await state.openRuns.listOpen()).filter(({ done }) => 'gone' in done);
        for (const run of owed) await state.openRuns.close(run);
      }),
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
    shown: ['cis-splunk-DeliveryFailing', 'cis-splunk-DeliveryBehind', 'cis-splunk-DeliveryGivenUp'],
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

/** The table's items of `cis`, as the collector itself reads and writes them. */
async function withState({ world }: WatchedStage, act: (state: State) => Promise<void>): Promise<void> {
  const { gatewayUrl: endpoint, region } = world;
  const client = new DynamoDBClient({ endpoint, region, credentials: world.operatorCredentials() });
  try {
    await act(
      createDynamoState({
        client,
        tableName: String(world.deployment.outputs.TableName),
        streamName: 'cis',
        streamId: 'relay-cis',
        type: 'cis',
        recordSeconds: 86_400,
      }),
    );
  } finally {
    client.destroy();
  }
}

async function newestRunWithBatches({ world }: WatchedStage, state: State): Promise<RunRecord> {
  const to = world.clock.now();
  const records = await state.records.listRecords({ from: to - hourMs, to });
  return records.findLast(({ batches }) => batches > 0)!;
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
