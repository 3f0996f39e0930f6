import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  collectorMetrics,
  collectorStageMetrics,
  metricNamespace,
} from '../../../functions/collector/contract.ts';
import { copierMetrics } from '../../../functions/object-copier/contract.ts';
import { lifecycleMetrics } from '../../../functions/stream-lifecycle/contract.ts';
import type { Interference } from '../../../local/aws/interference.ts';
import { keyOf, type MetricIdentity } from '../../../local/metrics/metric-store.ts';
import type { CallInfo } from '../../../local/mosaic/call-log.ts';
import type { CallPlan } from '../../../local/mosaic/call-plan.ts';
import { readDashboard } from '../../../local/page/dashboard-body.ts';
import { hourMs, type WatchedStage, watchStage } from './watched-stage.ts';

const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf';
const provider =
  '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

/** What goes wrong at the moment; each fault sets its own and takes it away. */
const wrong: {
  mosaic?: (call: CallInfo) => CallPlan | undefined;
  collectTicks?: 'dropped' | 'doubled';
  refusedRecords?: number;
  firehose?: Interference;
} = {};

let stage: WatchedStage;

beforeAll(async () => {
  stage = await watchStage(
    {
      streams: [
        {
          name: 'cis',
          id: 'relay-cis',
          type: 'cis',
          every: '5 minutes',
          timeout: '2 minutes',
          collectTimeout: '70 seconds',
          batchSize: 20,
          destinations: [
            { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret },
            { kind: 'gcs', bucket: 'mosaic-events', provider },
          ],
          alarms: { quiet: '1 hour', behind: '30 minutes' },
        },
      ],
      alarms: { billedGiBPerDay: 1 },
    },
    {
      mosaic: (call) => wrong.mosaic?.(call),
      world: {
        scheduler: {
          interfere: ({ schedule }) => {
            if (wrong.collectTicks === undefined || !schedule.input.includes('collect')) return undefined;
            return { delaysMs: wrong.collectTicks === 'dropped' ? [] : [0, 0] };
          },
        },
        firehose: {
          faults: {
            refuseRecord: () => {
              if ((wrong.refusedRecords ?? 0) === 0) return undefined;
              wrong.refusedRecords! -= 1;
              return 'ServiceUnavailableException';
            },
          },
        },
        gateway: {
          interfere: ({ action }) => (action === 'firehose:PutRecordBatch' ? wrong.firehose : undefined),
        },
      },
    },
  );
  await putOrphan();
  stage.world.startSchedules();
  await stage.pass(0.7 * hourMs);
}, 120_000);
afterAll(() => stage?.close());

test('before anything goes wrong no alarm is red but that of the orphan, which was there already', () => {
  expect(red()).toEqual(['mosaic-relay-test-Orphaned']);
});

interface Fault {
  readonly what: string;
  /** Endings of the names of the alarms that it is for. */
  readonly alarms: readonly string[];
  begin(): unknown;
  end(): unknown;
  /** Hours until all of them are red, and then until they are not. */
  readonly within?: number;
}

const faults: readonly Fault[] = [
  {
    what: 'a secret that Mosaic refuses',
    alarms: ['cis-Failing', 'cis-CredentialRefused'],
    begin: () => {
      stage.simulator.rotateSecret('another');
      stage.simulator.revokeTokens();
    },
    end: () => {
      const { clientId: client_id, clientSecret: client_secret } = stage.simulator;
      stage.world.secrets.put('relay/test', JSON.stringify({ client_id, client_secret }));
    },
  },
  {
    what: 'ticks that never come',
    alarms: ['cis-NotRunning'],
    begin: () => {
      wrong.collectTicks = 'dropped';
    },
    end: () => {
      wrong.collectTicks = undefined;
    },
  },
  {
    what: 'no event for longer than is usual',
    alarms: ['cis-Silent'],
    begin: () => {
      stage.eventsPerTick = 0;
    },
    end: () => {
      stage.eventsPerTick = 5;
    },
  },
  {
    what: 'a backlog that slow answers keep from draining',
    alarms: ['cis-Behind'],
    begin: () => {
      stage.source.generate(stage.streams, 4_000, 6 * hourMs);
      wrong.mosaic = ({ operation }) => (operation === 'collect' ? { delayMs: 500 } : undefined);
    },
    end: () => {
      wrong.mosaic = undefined;
    },
  },
  {
    what: 'an answer that is lost on the wire',
    alarms: ['cis-PossibleLoss'],
    begin: () => {
      wrong.mosaic = ({ operation }) => {
        if (operation !== 'collect') return undefined;
        wrong.mosaic = undefined;
        return { after: { kind: 'reset' } };
      };
    },
    end: () => undefined,
  },
  {
    what: 'a stream that somebody deletes in Mosaic',
    alarms: ['cis-StreamReopened'],
    begin: () => stage.simulator.deleteStream('cis', 'relay-cis'),
    end: () => undefined,
  },
  {
    what: 'a schedule that is turned off',
    alarms: ['cis-Paused'],
    begin: () => turnCollecting('DISABLED'),
    end: () => turnCollecting('ENABLED'),
  },
  {
    what: 'delivery streams that somebody deleted',
    alarms: ['cis-Undelivered'],
    begin: () => {
      // Not a refusal for now, which a collector would sit out in real time.
      const code = 'ResourceNotFoundException';
      wrong.firehose = { skipEffect: true, outcome: { status: 400, code, message: 'There is none.' } };
    },
    end: () => {
      wrong.firehose = undefined;
    },
  },
  {
    what: 'a Splunk that is down for longer than Firehose tries',
    alarms: [
      'splunk-DeliveryFailing',
      'splunk-DeliveryBehind',
      'splunk-DeliveryGivenUp',
      'cis-WaitingForOperator',
    ],
    begin: () => setDown('splunk', true),
    end: async () => {
      setDown('splunk', false);
      await emptyFolders();
    },
  },
  {
    what: 'a Google Cloud Storage that is down until messages are set aside',
    alarms: ['gcs-QueueStuck', 'gcs-CopiesSetAside'],
    begin: () => setDown('gcs', true),
    end: async () => {
      setDown('gcs', false);
      await stage.pass(hourMs);
      await purgeDeadLetters();
      await emptyFolders();
    },
    within: 12,
  },
  {
    // A real GiB would take minutes; what the collectors tell of less is seen by the test of the healthy day.
    what: 'two GiB that are billed within a day',
    alarms: ['test-UnusualVolume'],
    begin: () => {
      const Metrics = [{ Name: 'BytesBilled', Unit: 'Bytes' }];
      const CloudWatchMetrics = [{ Namespace: 'MosaicSiemRelay', Dimensions: [['Stage']], Metrics }];
      const members = { Stage: 'test', BytesBilled: 2 * 1024 ** 3 };
      const _aws = { Timestamp: stage.world.clock.now(), CloudWatchMetrics };
      stage.metrics.lambda.onLog('by-hand', JSON.stringify({ _aws, ...members }));
    },
    end: () => undefined,
    within: 30,
  },
  {
    what: 'batches of a stream that left the settings',
    alarms: ['test-Orphaned'],
    begin: putOrphan,
    end: dropOrphan,
    within: 50,
  },
];

describe('each alarm goes red under the fault that it is for, and comes back', () => {
  for (const { what, alarms, begin, end, within = 6 } of faults) {
    test(`${what}: ${alarms.join(', ')}`, async () => {
      const names = alarms.map((ending) => stage.named(ending));
      const began = stage.followed.desk.history.length;
      await begin();
      const wereRed = new Set<string>();
      // Some are red for a while only, and not all at once.
      await stage.world.clock.runUntil(
        () => {
          for (const { name, to } of stage.followed.desk.history.slice(began))
            if (to === 'ALARM') wereRed.add(name);
          for (const name of names) if (stage.followed.desk.stateOf(name) === 'ALARM') wereRed.add(name);
          return names.every((name) => wereRed.has(name));
        },
        stage.world.clock.now() + within * hourMs,
      );
      expect([...names].filter((name) => !wereRed.has(name))).toEqual([]);

      await end();

      expect(await stage.until(names, 'OK', within * hourMs)).toEqual([]);
    });
  }
});

test('every metric that a widget or an alarm names was told, with the unit of its contract', async () => {
  await tellTheRest();
  stage.followed.refresh();
  const told = new Map(stage.metrics.store.known().map((metric) => [keyOf(metric), metric.units]));
  const untold = namedMetrics().filter((metric) => !told.has(keyOf(metric)));
  expect(untold.map(({ name, dimensions }) => `${name} ${Object.values(dimensions).join(' ')}`)).toEqual([]);

  const contracts: Readonly<Record<string, string>> = {
    ...collectorMetrics,
    ...copierMetrics,
    ...lifecycleMetrics,
  };
  const ours = stage.metrics.store.known().filter(({ namespace }) => namespace === metricNamespace);
  for (const { name, units } of ours) {
    const unit = contracts[name] ?? (collectorStageMetrics as Readonly<Record<string, string>>)[name];
    expect([name, ...units]).toEqual([name, unit]);
  }
});

test('every metric that a function tells is in a widget or an alarm', () => {
  const named = new Set(namedMetrics().map(keyOf));
  const ours = stage.metrics.store.known().filter(({ namespace }) => namespace === metricNamespace);
  const unused = ours.filter((metric) => !named.has(keyOf(metric)));
  expect(unused.map(({ name }) => name)).toEqual([]);
});

test('every alarm of the template had its fault', () => {
  const tried = faults.flatMap(({ alarms }) => alarms);
  const untried = stage.followed.alarms
    .map(({ name }) => name)
    .filter((name) => !tried.some((ending) => name.endsWith(`-${ending}`)));
  // Those of the second destination are the same as those of the first.
  expect(untried).toEqual([
    'mosaic-relay-test-cis-gcs-DeliveryFailing',
    'mosaic-relay-test-cis-gcs-DeliveryBehind',
  ]);
});

test('the alarms over a stream and over the stage told the topic whenever they changed', () => {
  const { history, states } = stage.followed.desk;
  const over = states()
    .filter(({ kind }) => kind === 'composite')
    .map(({ name }) => name);
  expect(over).toHaveLength(2);
  const changes = history.filter(({ name, from }) => over.includes(name) && from !== 'INSUFFICIENT_DATA');
  expect(changes.length).toBeGreaterThan(10);
  for (const { told } of changes)
    expect(told.map((arn) => arn.split(':').at(-1))).toEqual(['mosaic-relay-test-alarms']);
});

test('no line of EMF was faulty', () => {
  expect([...stage.metrics.problems]).toEqual([]);
});

/** What no alarm is for, and the dashboard shows all the same. */
async function tellTheRest(): Promise<void> {
  wrong.refusedRecords = 1;
  wrong.collectTicks = 'doubled';
  wrong.mosaic = ({ operation }) => {
    if (operation !== 'collect') return undefined;
    wrong.mosaic = undefined;
    return { damage: 'wrapped' };
  };
  await stage.pass(0.5 * hourMs);
  wrong.collectTicks = undefined;
}

/** By alarms and by widgets. */
function namedMetrics(): readonly MetricIdentity[] {
  const dashboards = stage.world.deployment
    .byType('AWS::CloudWatch::Dashboard')
    .map(({ physicalId, properties }) => readDashboard(physicalId, String(properties.DashboardBody)));
  const lines = dashboards.flatMap(({ widgets }) => widgets.flatMap((widget) => widget.lines));
  const queries = [
    ...stage.followed.alarms.flatMap((alarm) => alarm.queries),
    ...lines.map(({ query }) => query),
  ];
  return queries.flatMap((query) => (query.kind === 'metric' ? [query.metric] : []));
}

function red(): readonly string[] {
  const { desk } = stage.followed;
  return desk
    .states()
    .flatMap(({ name, kind, state }) => (kind === 'metric' && state === 'ALARM' ? [name] : []));
}

function setDown(destination: string, down: boolean): void {
  stage.receivers.of('cis', destination)!.receiver.faults.down = down;
}

function turnCollecting(State: 'ENABLED' | 'DISABLED'): void {
  const { scheduler, deployment } = stage.world;
  for (const { physicalId, properties } of deployment.byType('AWS::Scheduler::Schedule')) {
    const { Input } = properties.Target as { readonly Input: string };
    if (Input.includes('"collect"'))
      scheduler.put(`${properties.GroupName}/${physicalId}`, { ...properties, State });
  }
}

async function putOrphan(): Promise<void> {
  const item = { ...orphanKey, run: { S: 'r1' }, startedAt: { N: '1' }, sealAfter: { N: '1' } };
  await stage.world.dynamodb.call('PutItem', { TableName: table(), Item: item });
}

async function dropOrphan(): Promise<void> {
  await stage.world.dynamodb.call('DeleteItem', { TableName: table(), Key: orphanKey });
}

const orphanKey = { stream: { S: 'gone' }, item: { S: 'OPEN#r1' } };

function table(): string | undefined {
  return stage.world.deployment.byType('AWS::DynamoDB::Table')[0]?.physicalId;
}

/** As when everything that waits for an operator has been dealt with. */
async function emptyFolders(): Promise<void> {
  const client = new S3Client({ ...connection(), forcePathStyle: true });
  const Bucket = stage.world.deployment.byType('AWS::S3::Bucket')[0]?.physicalId;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents)
    if (!/^(journal|delivered)\//.test(Key!)) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  client.destroy();
}

async function purgeDeadLetters(): Promise<void> {
  const client = new SQSClient(connection());
  for (const { physicalId } of stage.world.deployment.byType('AWS::SQS::Queue'))
    if (/Dead/i.test(physicalId)) await client.send(new PurgeQueueCommand({ QueueUrl: physicalId }));
  client.destroy();
}

function connection() {
  const { gatewayUrl: endpoint, region } = stage.world;
  return { endpoint, region, credentials: stage.world.operatorCredentials() };
}
