import {
  createDeployment,
  createMetricLog,
  createVirtualClock,
  type DeployedResource,
  type FirehoseStandIn,
  type Followed,
  type FollowedStack,
  type MetricWatch,
  watchMetrics,
} from '@mosaic-relay/cdk-loopback';

export const startAt = Date.UTC(2026, 2, 2, 8);

/** A dashboard of every kind of widget, two alarms and a clock, with no function behind them. */
export function smallDashboard(body: object = everyWidget): SmallDashboard {
  const clock = createVirtualClock({ startAt });
  const log = createMetricLog(() => clock.now());
  const resources = new Map([
    ['Dashboard', resource('AWS::CloudWatch::Dashboard', 'dev', { DashboardBody: JSON.stringify(body) })],
    ['Failing', resource('AWS::CloudWatch::Alarm', 'dev-cis-failing', failing)],
    [
      'Stream',
      resource('AWS::CloudWatch::CompositeAlarm', 'dev-cis', { AlarmRule: 'ALARM(dev-cis-failing)' }),
    ],
  ]);
  const stack = { stackName: 'relay-dev', stackId: '', accountId: '', region: 'us-east-1' };
  const deployment = createDeployment({ ...stack, outputs: {}, leftBehind: [] }, resources);
  // What the store reads of Firehose is its metric log, and nothing else.
  const firehose = { metrics: log } as unknown as FirehoseStandIn;
  const world = { clock, deployment, firehose };
  const watch = watchMetrics(clock);
  const followed = watch.follow(world);
  const emit = (members: Readonly<Record<string, number>>) => {
    watch.lambda.onLog('collector', emf(members, clock.now()));
  };
  return {
    world,
    watch,
    followed,
    emit,
    /** Each minute the members are emitted, and then judged. */
    pass: async (minutes, members) => {
      const end = clock.now() + minutes * 60_000;
      for (let minute = 0; minute < minutes; minute++) {
        emit(members(minute));
        log.record('cis-s3', 'DeliveryToS3.DataFreshness', 60 + minute);
        await clock.runUntil(() => false, clock.now() + 60_000);
      }
      await clock.runUntil(() => false, end);
    },
    close: () => clock.close(),
  };
}

export interface SmallDashboard {
  readonly world: FollowedStack;
  readonly watch: MetricWatch;
  readonly followed: Followed;
  emit(members: Readonly<Record<string, number>>): void;
  pass(minutes: number, members: (minute: number) => Readonly<Record<string, number>>): Promise<void>;
  close(): void;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudWatch writes it
const lastLabel = 'Events, last ${LAST}';
const of = ['Stage', 'dev', 'Stream', 'cis'];

const everyWidget = {
  start: '-PT1H',
  widgets: [
    {
      type: 'text',
      x: 0,
      y: 0,
      width: 24,
      height: 2,
      properties: {
        markdown:
          '# Stage dev\nEverything is **fresh**. [button:primary:Runbook](https://example.com/runbook)',
      },
    },
    {
      type: 'metric',
      x: 0,
      y: 2,
      width: 8,
      height: 4,
      properties: {
        title: 'Today',
        view: 'singleValue',
        sparkline: true,
        stat: 'Sum',
        period: 60,
        metrics: [
          ['MosaicSiemRelay', 'EventsCollected', ...of, { label: 'Events' }],
          ['.', 'EventLag', '.', '.', '.', '.', { stat: 'Maximum' }],
        ],
      },
    },
    {
      type: 'alarm',
      x: 8,
      y: 2,
      width: 16,
      height: 4,
      properties: {
        title: 'Alarms',
        alarms: [
          'arn:aws:cloudwatch:us-east-1:123456789012:alarm:dev-cis-failing',
          'arn:aws:cloudwatch:us-east-1:123456789012:alarm:dev-cis',
        ],
      },
    },
    {
      type: 'metric',
      x: 0,
      y: 6,
      width: 12,
      height: 6,
      properties: {
        title: 'Events of cis',
        view: 'timeSeries',
        stat: 'Sum',
        period: 60,
        metrics: [
          ['MosaicSiemRelay', 'EventsCollected', ...of, { id: 'events', label: lastLabel }],
          [{ expression: 'events / 60', id: 'rate', label: 'Events a second', yAxis: 'right' }],
        ],
        yAxis: { left: { label: 'Events', min: 0 }, right: { label: 'a second', min: 0 } },
        annotations: { horizontal: [{ value: 50, label: 'Usual', color: '#2ca02c' }] },
      },
    },
    {
      type: 'metric',
      x: 12,
      y: 6,
      width: 12,
      height: 6,
      properties: {
        title: 'Freshness of cis at s3',
        view: 'timeSeries',
        stat: 'Maximum',
        period: 60,
        stacked: true,
        metrics: [
          [
            'AWS/Firehose',
            'DeliveryToS3.DataFreshness',
            'DeliveryStreamName',
            'cis-s3',
            { color: '#1f77b4' },
          ],
        ],
        annotations: { horizontal: [{ value: 100, label: 'Behind', fill: 'above' }] },
      },
    },
    {
      type: 'metric',
      x: 0,
      y: 12,
      width: 8,
      height: 5,
      properties: {
        title: 'Table',
        view: 'table',
        stat: 'Sum',
        period: 300,
        metrics: [['MosaicSiemRelay', 'EventsCollected', ...of]],
      },
    },
    {
      type: 'metric',
      x: 8,
      y: 12,
      width: 10,
      height: 5,
      properties: {
        title: 'Share',
        view: 'pie',
        stat: 'Sum',
        metrics: [['MosaicSiemRelay', 'EventsCollected', ...of]],
      },
    },
    {
      type: 'log',
      x: 18,
      y: 12,
      width: 6,
      height: 5,
      properties: { title: 'Errors', query: 'fields @message' },
    },
  ],
};

const failing = {
  AlarmName: 'dev-cis-failing',
  AlarmDescription: 'Every run failed.\nFirst: npx relay runs cis',
  Namespace: 'MosaicSiemRelay',
  MetricName: 'RunSucceeded',
  Dimensions: [
    { Name: 'Stage', Value: 'dev' },
    { Name: 'Stream', Value: 'cis' },
  ],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 1,
  ComparisonOperator: 'LessThanThreshold',
  TreatMissingData: 'ignore',
  AlarmActions: ['arn:aws:sns:us-east-1:123456789012:relay-dev-alarms'],
};

function resource(type: string, physicalId: string, properties: object): DeployedResource {
  return {
    logicalId: physicalId,
    type,
    physicalId,
    properties: { ...properties },
    attributes: {},
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
    dependsOn: [],
  };
}

function emf(members: Readonly<Record<string, number>>, time: number): string {
  const Metrics = Object.keys(members).map((Name) => ({ Name, Unit: 'Count' }));
  const CloudWatchMetrics = [{ Namespace: 'MosaicSiemRelay', Dimensions: [['Stage', 'Stream']], Metrics }];
  return JSON.stringify({
    _aws: { Timestamp: time, CloudWatchMetrics },
    Stage: 'dev',
    Stream: 'cis',
    ...members,
  });
}
