import {
  Column,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  SingleValueWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import { shownNameOf, stackNameOf } from '../../config/names.ts';
import {
  collectorMetric,
  destinationMetric,
  firehoseMetric,
  type Reading,
  type StreamDimensions,
} from '../metrics.ts';
import { alarmStatus } from './alarm-status.ts';
import { alarmsOf, logsOf } from './console-links.ts';
import type { StreamFacts } from './dashboard-facts.ts';

const height = 6;

type Panel = (
  title: string,
  left: IMetric[],
  more: Partial<ConstructorParameters<typeof GraphWidget>[0]>,
) => GraphWidget;

/** A stream: a line that names it, and the panels that the guide above the rows explains. */
export function streamRow(
  scope: Construct,
  stage: string,
  facts: StreamFacts,
): readonly (readonly IWidget[])[] {
  const { stream, alarms } = facts;
  const periodSeconds = panelPeriodSeconds(facts);
  const of = (name: CollectorMetric, statistic: Reading['statistic'], label: string = name) =>
    collectorMetric(name, { stage, stream: stream.name }, { statistic, label, periodSeconds });
  const panel: Panel = (title, left, more) =>
    new GraphWidget({
      title: `${shownNameOf(stream)}: ${title}`,
      left,
      leftYAxis: { min: 0, showUnits: false },
      rightYAxis: { min: 0, showUnits: false },
      legendPosition: LegendPosition.BOTTOM,
      width: 5,
      height,
      ...more,
    });
  return [
    [headline(stage, facts)],
    [
      panel('events', [of('EventsCollected', 'Sum', 'events')], {}),
      panel(
        'lag and undelivered, seconds',
        [
          of('EventLag', 'Maximum', 'lag'),
          of('OldestUndelivered', 'Maximum', 'oldest undelivered'),
          of('OldestOwedToRemoved', 'Maximum', 'oldest owed to removed destinations'),
        ],
        {
          leftAnnotations: [
            { value: facts.thresholds.behind, label: 'Behind' },
            { value: facts.thresholds.undelivered, label: 'Undelivered' },
          ],
        },
      ),
      stream.witnessOf === undefined
        ? deliveryPanel(facts, panel)
        : comparisonPanel(stage, stream.witnessOf.name, panel),
      panel(
        'trouble',
        [
          of('PossibleLoss', 'Sum', 'possible losses'),
          of('CredentialRefused', 'Sum', 'credential refused'),
          of('StreamReopened', 'Sum', 'stream reopened'),
          of('SourceRepeats', 'Sum', 'source repeats'),
          of('Quarantined', 'Sum', 'quarantined'),
          of('RecordsRefused', 'Sum', 'records refused'),
          ...facts.destinations.flatMap((each) => troubleOf({ stage, stream: stream.name }, each)),
        ],
        {},
      ),
      new Column(
        new SingleValueWidget({
          title: `${shownNameOf(stream)}: ${stream.schedule.expression}`,
          metrics: [
            of('SinceLastRun', 'Minimum', 'seconds since last run'),
            of('RunSucceeded', 'Minimum', 'last run well (1) or not (0)'),
            of('Paused', 'Maximum', 'schedule off (1)'),
          ],
          width: 4,
          height: height / 2,
        }),
        alarmStatus(scope, {
          id: stream.name,
          title: `${shownNameOf(stream)}: alarms`,
          names: alarms,
          width: 4,
          height: height / 2,
        }),
      ),
    ],
  ];
}

/** As long as from one run to the next, so that a line has no gaps, but no longer than an hour. */
function panelPeriodSeconds({ stream }: StreamFacts): number {
  return Math.min(3_600, Math.max(300, stream.schedule.longestGapSeconds));
}

function headline(stage: string, { stream, functionName, destinations }: StreamFacts): TextWidget {
  const receivers =
    stream.witnessOf === undefined
      ? `to ${destinations.map(({ name }) => name).join(', ')}`
      : `as the witness of ${stream.witnessOf.name}`;
  return new TextWidget({
    markdown: `### ${shownNameOf(stream)}: ${stream.type} ${receivers} · ${stream.schedule.expression} · [logs](${logsOf(functionName)}) · [alarms](${alarmsOf(`${stackNameOf(stage)}-${stream.name}`)})`,
    width: 24,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
}

function deliveryPanel(facts: StreamFacts, panel: Panel): GraphWidget {
  const { destinations, thresholds } = facts;
  const periodSeconds = panelPeriodSeconds(facts);
  const freshness = destinations.map(({ name, deliveryStream, metrics }) =>
    firehoseMetric(`${metrics}.DataFreshness`, deliveryStream, {
      statistic: 'Maximum',
      label: `${name} age`,
      periodSeconds,
    }),
  );
  const success = destinations.map(({ name, deliveryStream, metrics }) =>
    firehoseMetric(`${metrics}.Success`, deliveryStream, {
      statistic: 'Average',
      label: `${name} success`,
      periodSeconds,
    }),
  );
  return panel('in Firehose, seconds; success', freshness, {
    right: success,
    rightYAxis: { min: 0, max: 1, showUnits: false },
    leftAnnotations: [{ value: thresholds.deliveryBehind, label: 'DeliveryBehind' }],
  });
}

/** Shows a witness's findings, which carry its primary's name. */
function comparisonPanel(stage: string, primary: string, panel: Panel): GraphWidget {
  const of = (name: CollectorMetric, label: string) =>
    collectorMetric(name, { stage, stream: primary }, { statistic: 'Sum', label });
  return panel(
    `what ${primary} missed`,
    [
      of('WitnessMissing', 'missing'),
      of('WitnessRecovered', 'recovered'),
      of('WitnessIncomparable', 'hours not comparable'),
    ],
    { right: [of('WitnessCompared', 'compared')] },
  );
}

function troubleOf(
  of: StreamDimensions,
  { name, deliveryStream, hasView }: StreamFacts['destinations'][number],
): readonly IMetric[] {
  const label = `${name} waiting, events`;
  return [
    firehoseMetric('ThrottledRecords', deliveryStream, { statistic: 'Sum', label: `${name} throttled` }),
    destinationMetric('Waiting', { ...of, destination: name }, { statistic: 'Maximum', label }),
    ...(hasView
      ? [
          destinationMetric(
            'ViewRefused',
            { ...of, destination: name },
            { statistic: 'Sum', label: `${name} refused by its view` },
          ),
        ]
      : []),
  ];
}
