import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { destinationMetric, type Reading, type StreamDimensions } from '../metrics.ts';

/** 1 in a period in which a destination's view dropped a thousand events and let none through, else 0. */
export function droppedAlone(
  of: StreamDimensions & { readonly destination: string },
  reading: Reading,
): MathExpression {
  const dropped = destinationMetric('EventsDropped', of, reading);
  return new MathExpression({
    expression: 'IF(dropped >= 1000 AND seen == 0, 1, 0)',
    usingMetrics: { dropped, seen: destinationMetric('EventsSeen', of, reading) },
    period: dropped.period,
  });
}
