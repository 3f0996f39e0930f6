import { keyOf, type MetricIdentity } from '@mosaic-relay/cdk-loopback';
import type { GcsFaults } from '@mosaic-relay/siem-receivers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  collectorDestinationMetrics,
  collectorMetrics,
  collectorStageMetrics,
} from '../../../functions/collector/contract.ts';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { copierMetrics } from '../../../functions/object-copier/contract.ts';
import { lifecycleMetrics } from '../../../functions/stream-lifecycle/contract.ts';
import { readDashboard } from '../../../local/page/dashboard-body.ts';
import { expectRedThenGreen } from './alarm-fault.ts';
import { collectingFaults } from './collecting-faults.ts';
import { deliveringFaults, faultsOf } from './delivering-faults.ts';
import { expectSample } from './runbook-sample.ts';
import { hourMs, provider, secret, type WatchedStage, watchStage } from './watched-stage.ts';

let stage: WatchedStage;

beforeAll(async () => {
  stage = await watchStage({
    // A third of it is short enough to wait for.
    journalDays: 1,
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        // With that, a run collects for seven seconds.
        timeout: '2 minutes',
        collectTimeout: '75 seconds',
        batchSize: 20,
        witness: 'recover',
        destinations: [
          { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret, retrySeconds: 1_200 },
          { kind: 'gcs', bucket: 'mosaic-events', provider },
        ],
        alarms: {
          quiet: '30 minutes',
          behind: '30 minutes',
          undelivered: '30 minutes',
          deliveryBehind: '15 minutes',
        },
      },
    ],
  });
  stage.world.startSchedules();
  await stage.until(() => stage.alarmsIn('OK').length === stage.followed.alarms.length, 4 * hourMs);
}, 120_000);
afterAll(() => stage?.close());

test('before anything goes wrong every alarm knows that all is well', () => {
  expect([...stage.alarmsIn('ALARM'), ...stage.alarmsIn('INSUFFICIENT_DATA')]).toEqual([]);
});

const faults = [...collectingFaults, ...deliveringFaults];

describe('each alarm goes red under the fault that it is for, shows in the first command of its article, and recovers', () => {
  for (const fault of faults)
    test(`${fault.what}: ${fault.alarms.join(', ')}`, () =>
      expectRedThenGreen(stage, fault, (name) => expectSample(stage, name)));
});

test('every alarm of a stream had its fault', () => {
  const tried = new Set(faults.flatMap(({ alarms }) => alarms));
  const prefix = `${stage.world.deployment.stackName}-`;
  const untried = stage.followed.alarms
    .map(({ name }) => name.slice(prefix.length))
    .filter((name) => !tried.has(name))
    // A witness is a stream, and has the alarms of one.
    .filter((name) => !tried.has(name.replace('cis-witness-', 'cis-')));
  // Firehose's part is the same for each destination; the stage's alarms take days, and have a test of their own.
  expect(untried).toEqual([
    'cis-gcs-DeliveryFailing',
    'cis-gcs-DeliveryBehind',
    'Orphaned',
    'KeptWaiting',
    'LifecycleFailing',
    'UnusualVolume',
    'Drift',
  ]);
});

test('every metric that a widget or an alarm names was told, with the unit of its contract', async () => {
  await tellTheRest();
  stage.followed.refresh();
  const told = new Set(stage.metrics.store.known().map(keyOf));
  const untold = namedMetrics().filter((metric) => !told.has(keyOf(metric)));
  // What befell the stream did not befall its witness too.
  const ofStream = untold
    .filter(({ dimensions }) => dimensions.Stream !== 'cis-witness')
    // It is told while something is kept of removed destinations: `kept-waiting.test.ts`.
    .filter(({ name }) => name !== 'KeptWaiting');
  expect(ofStream.map(({ name, dimensions }) => `${name} ${Object.values(dimensions).join(' ')}`)).toEqual(
    [],
  );

  const contracts: Readonly<Record<string, string>> = {
    ...collectorMetrics,
    ...collectorStageMetrics,
    ...collectorDestinationMetrics,
    ...copierMetrics,
    ...lifecycleMetrics,
  };
  for (const { name, units } of ownMetrics()) expect([name, ...units]).toEqual([name, contracts[name]]);
});

test('every metric that a function tells is in a widget or an alarm', () => {
  const named = new Set(namedMetrics().map(keyOf));
  const unused = ownMetrics().filter((metric) => !named.has(keyOf(metric)));
  expect(unused.map(({ name, dimensions }) => [name, dimensions])).toEqual([]);
});

test('every change was told to the topic of its alarm, whatever else was red', () => {
  const { history, toldTo } = stage.followed.evaluator;
  expect(history.length).toBeGreaterThan(60);
  for (const { told } of history) expect(told).toHaveLength(1);
  const topics = new Set(history.flatMap(({ told }) => told));
  expect([...topics].map((arn) => arn.split(':').at(-1)).toSorted()).toEqual([
    'mosaic-relay-test-alarms',
    'mosaic-relay-test-alarms-waiting',
  ]);
  const told = [...topics].flatMap((arn) => toldTo(arn));
  expect(told).toHaveLength(history.length);
});

test('no line of EMF was faulty', () => {
  expect([...stage.metrics.problems]).toEqual([]);
});

/** What no alarm is for, and the dashboard shows all the same. */
async function tellTheRest(): Promise<void> {
  const gcs = faultsOf(stage, 'gcs') as GcsFaults;
  const { permissions } = gcs;
  // The first run goes on while the second one starts a process of its own.
  stage.wrong.mosaic = ({ operation }) => (operation === 'collect' ? { delayMs: 1_000 } : undefined);
  stage.wrong.ticks = 'doubled';
  await stage.pass(hourMs / 12);
  stage.wrong.mosaic = undefined;
  stage.wrong.ticks = undefined;
  stage.wrong.refusedRecords = 1;
  gcs.dropAnswers = 1;
  const unknown = { activity: 'never_heard_of', never_seen: 1, ip: '192.0.2.1' };
  stage.simulator.tell([{ type: 'cis', at: stage.world.clock.now(), members: unknown }]);
  await stage.pass(0.5 * hourMs);
  gcs.permissions = [];
  await stage.pass(0.5 * hourMs);
  gcs.permissions = permissions;
  await stage.pass(0.5 * hourMs);
  // The answer that is lost may be one of Google's token service; then the next one is.
  for (let time = 0; time < 4 && !isTold('ObjectsAlreadyThere'); time++) {
    gcs.dropAnswers = 1;
    await stage.pass(0.5 * hourMs);
  }
}

function isTold(metric: string): boolean {
  stage.followed.refresh();
  return stage.metrics.store.known().some(({ name }) => name === metric);
}

function ownMetrics() {
  return stage.metrics.store.known().filter(({ namespace }) => namespace === metricNamespace);
}

/** By alarms and by widgets. */
function namedMetrics(): readonly MetricIdentity[] {
  const dashboards = stage.world.deployment
    .byType('AWS::CloudWatch::Dashboard')
    .map(({ physicalId, properties }) => readDashboard(physicalId, String(properties.DashboardBody)));
  const lines = dashboards.flatMap(({ widgets }) => widgets.flatMap((widget) => widget.lines));
  const ofAlarms = stage.followed.alarms.flatMap(({ queries }) => queries);
  return [...ofAlarms, ...lines.map(({ query }) => query)].flatMap((query) =>
    query.kind === 'metric' ? [query.metric] : [],
  );
}
