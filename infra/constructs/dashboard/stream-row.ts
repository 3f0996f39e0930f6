import type { GraphWidget, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import { shownNameOf } from '../../config/names.ts';
import { collectorMetric, type Reading } from '../metrics.ts';
import { ageUnitOf, inUnit } from './age-unit.ts';
import { alarmStatus } from './alarm-status.ts';
import type { StreamFacts } from './dashboard-facts.ts';
import { deliveredEvents } from './delivered-events.ts';
import { timeChart } from './time-chart.ts';
import { oldestOfDestination, waitingOfDestination } from './waiting-values.ts';

const height = 5;

/** The row of a stream: delivered events beside collected ones, how old and how many others are, and its alarms. */
export function streamRow(scope: Construct, stage: string, facts: StreamFacts): readonly IWidget[] {
  const { stream, alarms } = facts;
  return [
    eventsChart(stage, facts),
    ageChart(stage, facts),
    stream.witnessOf === undefined
      ? waitingChart(stage, facts)
      : comparisonChart(stage, stream.witnessOf.name, facts),
    alarmStatus(scope, {
      id: stream.name,
      title: `${shownNameOf(stream)}: alarms`,
      names: alarms,
      width: 5,
      height,
    }),
  ];
}

function eventsChart(stage: string, facts: StreamFacts): GraphWidget {
  const { stream, destinations } = facts;
  const periodSeconds = periodSecondsOf(facts);
  const of = { stage, stream: stream.name };
  return timeChart({
    title: `${shownNameOf(stream)}: collected and delivered, about`,
    unit: 'events',
    lines: [
      collectorMetric('EventsCollected', of, { statistic: 'Sum', label: 'collected', periodSeconds }),
      ...destinations.map((destination, index) => deliveredEvents(of, destination, { index, periodSeconds })),
    ],
    width: 7,
    height,
  });
}

function ageChart(stage: string, facts: StreamFacts): GraphWidget {
  const { stream, destinations, thresholds } = facts;
  const { behind, undelivered, deliveryBehind } = thresholds;
  const unit = ageUnitOf(Math.max(behind, undelivered, deliveryBehind));
  const periodSeconds = periodSecondsOf(facts);
  const inMosaic = collectorMetric(
    'EventLag',
    { stage, stream: stream.name },
    { statistic: 'Maximum', periodSeconds },
  );
  return timeChart({
    title: `${shownNameOf(stream)}: oldest waiting, ${unit.name}`,
    unit: unit.name,
    lines: [
      inUnit(inMosaic, unit, { id: 'lag', label: 'in Mosaic', periodSeconds }),
      ...destinations.map((destination, at) =>
        oldestOfDestination(facts, destination, unit, { stage, index: String(at), periodSeconds }).with({
          label: `for ${destination.name}`,
        }),
      ),
    ],
    thresholds: [
      { value: behind / unit.seconds, label: 'Behind' },
      { value: undelivered / unit.seconds, label: 'Undelivered' },
      ...(destinations.length === 0
        ? []
        : [{ value: deliveryBehind / unit.seconds, label: 'DeliveryBehind' }]),
    ],
    width: 6,
    height,
  });
}

function waitingChart(stage: string, facts: StreamFacts): GraphWidget {
  const periodSeconds = periodSecondsOf(facts);
  return timeChart({
    title: `${shownNameOf(facts.stream)}: events waiting, about`,
    unit: 'events',
    lines: facts.destinations.map((destination, at) =>
      waitingOfDestination(facts, destination, { stage, index: String(at), periodSeconds }).with({
        label: `for ${destination.name}`,
      }),
    ),
    width: 6,
    height,
  });
}

/** Shows a witness's findings, which carry its primary's name. */
function comparisonChart(stage: string, primary: string, facts: StreamFacts): GraphWidget {
  const of = (name: CollectorMetric, label: string, statistic: Reading['statistic'] = 'Sum') =>
    collectorMetric(
      name,
      { stage, stream: primary },
      { statistic, label, periodSeconds: periodSecondsOf(facts) },
    );
  return timeChart({
    title: `${shownNameOf(facts.stream)}: events that ${primary} missed`,
    unit: 'events',
    lines: [
      of('WitnessMissing', 'missing'),
      of('WitnessRecovered', 'recovered'),
      of('WitnessIncomparable', 'hours not comparable'),
      of('WitnessCompared', 'compared'),
    ],
    width: 6,
    height,
  });
}

/** As long as from one run to the next, so that a line has no gaps, but no longer than an hour. */
function periodSecondsOf({ stream }: StreamFacts): number {
  return Math.min(3_600, Math.max(300, stream.schedule.longestGapSeconds));
}
