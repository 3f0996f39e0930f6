import { GraphWidget, type IMetric, type IWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import type { CollectorMetric } from '../../../functions/collector/contract.ts';
import { shownNameOf } from '../../config/names.ts';
import { collectorMetric, firehoseMetric, lambdaMetric, type Reading } from '../metrics.ts';
import type { DashboardFacts } from './dashboard-facts.ts';

/** Rows about the collectors' work, a line for each stream, for questions that the rows above leave open. */
export function machineryRows({ stage, streams }: DashboardFacts): readonly (readonly IWidget[])[] {
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
  const incoming = streams.flatMap(({ destinations, stream }) =>
    destinations.map(({ name, deliveryStream }) =>
      firehoseMetric('IncomingBytes', deliveryStream, {
        statistic: 'Sum',
        label: `${shownNameOf(stream)} to ${name}`,
      }),
    ),
  );
  return [
    [
      new TextWidget({
        markdown:
          '## How the collectors work\nA line for each stream. **Left in Mosaic** runs that ended with a backlog left, and runs that found another still running. **Left to sweeps** batches that a sweep delivered. **Functions** how long they ran, of the time they may. **Bytes put** before Firehose rounds records up. **Errors and throttles** of Lambda: a run that was killed tells nothing else. Batches, and how long Mosaic took to answer, stand in the log.',
        width: 24,
        height: 2,
      }),
    ],
    [
      graph(
        'Left in Mosaic; overlaps',
        of('BacklogRemaining', 'Sum'),
        of('OverlapSkipped', 'Sum', ' overlap'),
      ),
      graph('Left to sweeps', of('Swept', 'Sum')),
      graph('Functions, milliseconds', ofFunctions('Duration', 'Maximum')),
    ],
    [
      graph('Bytes put to Firehose', incoming),
      graph('Errors; throttles', ofFunctions('Errors', 'Sum'), ofFunctions('Throttles', 'Sum', ' throttled')),
    ],
  ];
}

function graph(title: string, left: IMetric[], right?: IMetric[]): GraphWidget {
  return new GraphWidget({
    title,
    left,
    right,
    leftYAxis: { min: 0, showUnits: false },
    rightYAxis: { min: 0, showUnits: false },
    width: 8,
    height: 6,
  });
}
