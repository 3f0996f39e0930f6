import {
  Column,
  type IMetric,
  type IWidget,
  TextWidget,
  TextWidgetBackground,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmName, alarmSeverities } from '../../config/alarm-names.ts';
import { shownNameOf, stackNameOf } from '../../config/names.ts';
import { ageUnitOf } from './age-unit.ts';
import { alarmStatus } from './alarm-status.ts';
import { alarmsOf } from './console-links.ts';
import type { DashboardFacts, StreamFacts } from './dashboard-facts.ts';
import { timeChart } from './time-chart.ts';
import { oldestOfStream, waitingOfStream } from './waiting-values.ts';

const height = 5;
const width = 8;
const periodSeconds = 300;

/**
 * The top of the dashboard, which says whether anything is wrong, where, since when, and what to do: the alarms that are
 * red, each with the names of its stream and destination, beside what each stream's receivers have not got.
 */
export function verdictRows(scope: Construct, facts: DashboardFacts): readonly (readonly IWidget[])[] {
  const charts = chunksOf(facts.streams).map((streams) => [
    ageChart(facts.stage.name, streams),
    waitingChart(facts.stage.name, streams),
  ]);
  const [first = [], ...more] = charts;
  return [[whatToDo(facts)], [redAlarms(scope, facts), ...first], ...more];
}

function whatToDo({ stage: { name, alarms } }: DashboardFacts): TextWidget {
  const { runbook } = alarms;
  const link = runbook.startsWith('https://') ? `[runbook](${runbook})` : `runbook, \`${runbook}\``;
  return new TextWidget({
    markdown: `**Red?** \`npx relay status --stage ${name}\` says what waits and what to type; an alarm's name is its article in the ${link}. [All alarms](${alarmsOf(stackNameOf(name))})`,
    width: 24,
    height: 1,
    background: TextWidgetBackground.TRANSPARENT,
  });
}

/** Every alarm while it is red: as many widgets below each other as CloudWatch's limit of alarms asks for. */
function redAlarms(scope: Construct, { streams, alarms }: DashboardFacts): Column {
  const all = [...streams.flatMap((stream) => stream.alarms), ...alarms];
  const urgent = all.filter((name) => severityOf(name) === 'urgent');
  const sorted = [...urgent, ...all.filter((name) => !urgent.includes(name))];
  const count = Math.ceil(sorted.length / mostAlarmsOfWidget);
  const each = Math.ceil(sorted.length / count);
  return new Column(
    ...Array.from({ length: count }, (_, index) =>
      alarmStatus(scope, {
        id: `Red ${index}`,
        title:
          count === 1
            ? `Red now, of ${sorted.length} alarms`
            : `Red now, of ${sorted.length} alarms: part ${index + 1}`,
        names: sorted.slice(index * each, (index + 1) * each),
        redOnly: true,
        width,
        height: Math.max(2, Math.floor(height / count)),
      }),
    ),
  );
}

/** @see CloudWatch API reference, "Dashboard body structure and syntax", alarms of an alarm widget */
const mostAlarmsOfWidget = 100;

function severityOf(alarmName: string) {
  return alarmSeverities[alarmName.slice(alarmName.lastIndexOf('-') + 1) as AlarmName];
}

function ageChart(stage: string, streams: readonly StreamFacts[]) {
  const alarmed = Math.min(...streams.map(({ thresholds }) => thresholds.undelivered));
  const unit = ageUnitOf(alarmed);
  return timeChart({
    title: `Since when: oldest waiting, ${unit.name}`,
    unit: unit.name,
    lines: streams.map((facts, index) =>
      named(facts, oldestOfStream(facts, unit, { stage, index: String(index), periodSeconds })),
    ),
    thresholds: [{ value: alarmed / unit.seconds, label: 'Undelivered' }],
    width,
    height,
  });
}

function waitingChart(stage: string, streams: readonly StreamFacts[]) {
  return timeChart({
    title: 'How many: events waiting, about',
    unit: 'events',
    lines: streams.map((facts, index) =>
      named(facts, waitingOfStream(facts, { stage, index: String(index), periodSeconds })),
    ),
    width,
    height,
  });
}

/** Its last value stands beside its name. */
function named({ stream }: StreamFacts, line: ReturnType<typeof oldestOfStream>): IMetric {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudWatch fills it in
  return line.with({ label: `${shownNameOf(stream)}: ${'${LAST}'}` });
}

/** As many streams as one chart's metrics allow. */
function chunksOf(streams: readonly StreamFacts[]): readonly (readonly StreamFacts[])[] {
  const chunks: { streams: StreamFacts[]; metrics: number }[] = [];
  for (const facts of streams) {
    const metrics =
      3 + facts.destinations.reduce((sum, { copier }) => sum + (copier === undefined ? 3 : 5), 0);
    const last = chunks.at(-1);
    if (last === undefined || last.metrics + metrics > mostMetricsOfWidget)
      chunks.push({ streams: [facts], metrics });
    else {
      last.streams.push(facts);
      last.metrics += metrics;
    }
  }
  return chunks.map((chunk) => chunk.streams);
}

/** @see CloudWatch user guide, "CloudWatch service quotas": 500 metrics of one dashboard widget */
const mostMetricsOfWidget = 500;
