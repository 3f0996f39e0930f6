import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';

/** The unit of a chart of ages. Metrics tell seconds. */
export interface AgeUnit {
  readonly name: 'minutes' | 'hours';
  readonly seconds: number;
}

export const minutes: AgeUnit = { name: 'minutes', seconds: 60 };
export const hours: AgeUnit = { name: 'hours', seconds: 3_600 };

/** Minutes, or hours where the longest age that a chart must show is one of many hours. */
export function ageUnitOf(longestSeconds: number): AgeUnit {
  return longestSeconds > 6 * hours.seconds ? hours : minutes;
}

/** A metric of seconds in another unit. @param id differs from the ids of the chart's other lines */
export function inUnit(
  metric: IMetric,
  unit: AgeUnit,
  line: { readonly id: string; readonly label: string; readonly periodSeconds?: number },
): MathExpression {
  const { id, label, periodSeconds = 300 } = line;
  return new MathExpression({
    expression: `${id} / ${unit.seconds}`,
    usingMetrics: { [id]: metric },
    label,
    period: Duration.seconds(periodSeconds),
  });
}
