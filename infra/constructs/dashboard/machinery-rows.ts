import { type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import { shownNameOf, stackNameOf } from '../../config/names.ts';
import {
  collectorMetric,
  destinationMetric,
  firehoseMetric,
  lambdaMetric,
  type Reading,
} from '../metrics.ts';
import { hours, inUnit } from './age-unit.ts';
import { alarmsOf, logsOf } from './console-links.ts';
import type { DashboardFacts, StreamFacts } from './dashboard-facts.ts';
import { timeChart } from './time-chart.ts';

/** Rows about the work below what is delivered, a line for each stream, for questions that the rows above leave open. */
export function machineryRows(facts: DashboardFacts): readonly (readonly IWidget[])[] {
  const { stage, streams } = facts;
  const of = (name: CollectorMetric, statistic: Reading['statistic'], what = '') =>
    streams.map(({ stream }) =>
      collectorMetric(
        name,
        { stage: stage.name, stream: stream.name },
        { statistic, label: `${shownNameOf(stream)}${what}` },
      ),
    );
  const ofFunctions = (
    name: Parameters<typeof lambdaMetric>[0],
    statistic: Reading['statistic'],
    what = '',
  ) =>
    streams.map(({ stream, functionName }) =>
      lambdaMetric(name, functionName, { statistic, label: `${shownNameOf(stream)}${what}` }),
    );
  return [
    [guide(facts)],
    [
      chart('Batches possibly lost', 'batches', of('PossibleLoss', 'Sum')),
      chart('Refused: events and records', 'events or records', [
        ...of('Quarantined', 'Sum', ' to quarantine'),
        ...of('RecordsRefused', 'Sum', ' by Firehose'),
        ...ofDestinations(facts, ({ stream }, destination) =>
          destination.hasView
            ? [
                destinationMetric(
                  'ViewRefused',
                  { stage: stage.name, stream: stream.name, destination: destination.name },
                  { statistic: 'Sum', label: `${shownNameOf(stream)}/${destination.name} by its view` },
                ),
              ]
            : [],
        ),
      ]),
      chart('Mosaic in trouble', 'runs', [
        ...of('CredentialRefused', 'Sum', ' credential refused'),
        ...of('StreamReopened', 'Sum', ' stream reopened'),
        ...of('SourceRepeats', 'Sum', ' same answer again'),
      ]),
    ],
    [
      chart('Left in Mosaic, and runs that overlap', 'runs', [
        ...of('BacklogRemaining', 'Sum'),
        ...of('OverlapSkipped', 'Sum', ' overlap'),
      ]),
      chart('Left to sweeps', 'batches', of('Swept', 'Sum')),
      chart('Owed to removed destinations alone, hours', 'hours', hoursOwed(facts)),
    ],
    [
      chart('Time of functions', 'milliseconds', ofFunctions('Duration', 'Maximum')),
      chart('Errors and throttles of functions', 'invocations', [
        ...ofFunctions('Errors', 'Sum'),
        ...ofFunctions('Throttles', 'Sum', ' throttled'),
      ]),
      chart('Put to Firehose', 'bytes', ofDestinations(facts, firehoseLine('IncomingBytes'))),
    ],
    [
      chart('Throttled by Firehose', 'records', ofDestinations(facts, firehoseLine('ThrottledRecords'))),
      chart('Names that no document of Mosaic has', 'events or members', [
        ...of('UnknownActivity', 'Sum', ' events of an unknown activity'),
        ...of('UnknownMember', 'Sum', ' unknown members'),
      ]),
      ...unknownActivities(facts),
    ],
  ];
}

/** Where to read on about each stream. */
function guide({ stage, streams }: DashboardFacts): TextWidget {
  const links = streams.map(
    ({ stream, functionName }) =>
      `${shownNameOf(stream)} (${stream.schedule.expression}): [logs](${logsOf(functionName)}), [alarms](${alarmsOf(`${stackNameOf(stage.name)}-${stream.name}`)})`,
  );
  return new TextWidget({
    markdown: `## The machinery\n${links.join(' · ')}`,
    width: 24,
    height: 1 + Math.ceil(streams.length / 5),
  });
}

function ofDestinations(
  { streams }: DashboardFacts,
  linesOf: (facts: StreamFacts, destination: StreamFacts['destinations'][number]) => readonly IMetric[],
): readonly IMetric[] {
  return streams.flatMap((facts) => facts.destinations.flatMap((destination) => linesOf(facts, destination)));
}

function firehoseLine(name: 'IncomingBytes' | 'ThrottledRecords') {
  return (
    { stream }: StreamFacts,
    { name: destination, deliveryStream }: StreamFacts['destinations'][number],
  ): readonly IMetric[] => [
    firehoseMetric(name, deliveryStream, {
      statistic: 'Sum',
      label: `${shownNameOf(stream)}/${destination}`,
    }),
  ];
}

/** A chart for a stage with shapes. */
function unknownActivities(facts: DashboardFacts): readonly IWidget[] {
  const lines = ofDestinations(facts, ({ stream }, { name: destination, hasShape }) =>
    hasShape
      ? [
          destinationMetric(
            'UnmappedActivity',
            { stage: facts.stage.name, stream: stream.name, destination },
            { statistic: 'Sum', label: `${shownNameOf(stream)}/${destination}` },
          ),
        ]
      : [],
  );
  return lines.length === 0 ? [] : [chart('Activities that a shape does not know', 'events', lines)];
}

function hoursOwed({ stage, streams }: DashboardFacts): readonly IMetric[] {
  return streams.map(({ stream }, index) =>
    inUnit(
      collectorMetric(
        'OldestOwedToRemoved',
        { stage: stage.name, stream: stream.name },
        { statistic: 'Maximum' },
      ),
      hours,
      { id: `owed${index}`, label: shownNameOf(stream) },
    ),
  );
}

function chart(title: string, unit: string, lines: readonly IMetric[]) {
  return timeChart({ title, unit, lines, width: 8, height: 5 });
}
