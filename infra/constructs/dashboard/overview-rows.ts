import { Duration } from 'aws-cdk-lib';
import {
  type IMetric,
  type IWidget,
  MathExpression,
  type Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import { alarmSeverities } from '../../config/alarm-names.ts';
import { stackNameOf } from '../../config/names.ts';
import { collectorMetric, firehoseMetric, type Reading } from '../metrics.ts';
import { alarmStatus } from './alarm-status.ts';
import { alarmsOf } from './console-links.ts';
import { costWidget } from './cost-widget.ts';
import type { DashboardFacts } from './dashboard-facts.ts';
import { eventsWaiting, oldestWaiting } from './waiting-values.ts';

/** The top of the dashboard: whether everything is fresh, complete and healthy, and what it costs. */
export function overviewRows(scope: Construct, facts: DashboardFacts): readonly (readonly IWidget[])[] {
  const { stage, streams } = facts;
  const ofAll = (name: CollectorMetric, statistic: Reading['statistic'], prefix: string) =>
    streams.map(({ stream }, index) =>
      collectorMetric(
        name,
        { stage: stage.name, stream: stream.name },
        { statistic, id: `${prefix}${index}` },
      ),
    );
  const inFirehose = streams
    .flatMap(({ destinations }) => destinations)
    .map(({ deliveryStream, metrics }, index) =>
      firehoseMetric(`${metrics}.DataFreshness`, deliveryStream, { statistic: 'Maximum', id: `f${index}` }),
    );
  return [
    [new TextWidget({ markdown: introduction(facts), width: 24, height: 2 })],
    [
      values('Fresh? seconds', [
        overAll('MAX', 'behind Mosaic', ofAll('EventLag', 'Maximum', 'l')),
        overAll('MAX', 'in Firehose', inFirehose),
      ]),
      values('Complete?', [
        oldestWaiting(facts),
        eventsWaiting(facts),
        overAll('SUM', 'batches possibly lost', ofAll('PossibleLoss', 'Sum', 'p')),
      ]),
      alarmStatus(scope, {
        id: 'Overview',
        title: 'Healthy?',
        names: mostUrgentAlarms(facts),
        width: 6,
        height: 4,
      }),
      costWidget(facts, { width: 6, height: 4 }),
    ],
    [
      text(
        '**Fresh?** How old the newest collected event is while Mosaic holds more (0 or nothing: all collected), and the oldest record that Firehose holds.',
      ),
      text(
        '**Complete?** The age of the oldest event that a receiver has not got; events in the journal, given up or in quarantine; batches that may be lost. 0 only when nothing waits.',
      ),
      text(
        `**Healthy?** The urgent alarms of all streams, each of which notifies the pager's topic by itself, and those of the whole stage. [All alarms](${alarmsOf(stackNameOf(stage.name))})`,
      ),
      text(
        '**Cost** An estimate from list prices. **At rest**: with no event at all. What SIEM and S3 take, and metrics of events, come on top.',
      ),
    ],
  ];
}

function introduction({ stage }: DashboardFacts): string {
  const { runbook } = stage.alarms;
  const link = runbook.startsWith('https://') ? `[runbook](${runbook})` : `runbook: \`${runbook}\``;
  return `## Mosaic SIEM relay, ${stage.name}\nEvents are collected from Mosaic, kept in the journal and delivered to every destination. Each alarm has an article in the ${link}. From a terminal: \`npx relay status --stage ${stage.name}\`.`;
}

/** As many urgent alarms as a widget takes, those of one name beside each other, and the alarms of the whole stage. */
function mostUrgentAlarms({ streams, alarms }: DashboardFacts): readonly string[] {
  const ofStreams = streams.flatMap((stream) => stream.alarms);
  const urgent = Object.entries(alarmSeverities)
    .filter(([, severity]) => severity === 'urgent')
    .flatMap(([name]) => ofStreams.filter((alarmName) => alarmName.endsWith(`-${name}`)));
  return [...urgent.slice(0, mostAlarmsOfWidget - alarms.length), ...alarms];
}

/** @see CloudWatch API reference, "Dashboard body structure and syntax", alarms of an alarm widget */
const mostAlarmsOfWidget = 100;

function text(markdown: string): TextWidget {
  return new TextWidget({ markdown, width: 6, height: 2 });
}

function values(title: string, metrics: IMetric[]): SingleValueWidget {
  return new SingleValueWidget({ title, metrics, width: 6, height: 4 });
}

/** One figure of all streams. */
function overAll(by: 'MAX' | 'SUM', label: string, metrics: readonly Metric[]): MathExpression {
  const ids = Object.fromEntries(
    metrics.map((metric, index) => [`${label.replaceAll(/\W/g, '').toLowerCase()}${index}`, metric]),
  );
  return new MathExpression({
    expression: `${by}([${Object.keys(ids).join(', ')}])`,
    usingMetrics: ids,
    label,
    period: Duration.minutes(5),
  });
}
