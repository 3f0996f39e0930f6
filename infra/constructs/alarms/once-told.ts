import { MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MissingData } from './relay-alarm.ts';

/** Far above every threshold: 31 years, in seconds. */
const silence = 1_000_000_000;

/**
 * A gauge whose silence breaches, though only once it has had a value.
 *
 * `FILL(told, REPEAT)` has a value in each period after the first that has one, and an IF has none where its condition
 * has none. So a gauge that never had a value comes to nothing, which the alarm ignores; one that stops comes to a value
 * above every threshold; and when the last value has left the periods that CloudWatch looks at, the IF comes to nothing
 * again and the alarm stays in ALARM. A gauge of 0 is a condition that is false, hence both cases are the same. A sum
 * would not do: to arithmetic, a missing value is 0.
 * @see ../../../docs/decisions/0016-silence-that-pages.md
 * @see CloudWatch user guide, "Using math expressions with CloudWatch metrics", IF(metric1, metric2, metric3)
 */
export function onceTold(gauge: Metric): MathExpression {
  const filled = `FILL(told, ${silence})`;
  return new MathExpression({
    expression: `IF(FILL(told, REPEAT), ${filled}, ${filled})`,
    usingMetrics: { told: gauge },
    period: gauge.period,
  });
}

/** What missing data means to an alarm over {@link onceTold}. */
export const silenceBreaches: MissingData = {
  is: 'ignore',
  because: 'silence breaches once there was a value; before the first it is no alarm.',
};

/**
 * A count in each period since the gauge `alive` was first told: 0 where there is none, and 1 while `alive` is 0.
 *
 * An IF is 0 where its condition is true and the second argument has no value. So only the gauge has to be sent at
 * rest, and no zeros of the count.
 * @see ../../../docs/decisions/0016-silence-that-pages.md
 */
export function countedWhileAlive(count: Metric, alive: Metric): MathExpression {
  return new MathExpression({
    expression: 'IF(FILL(alive, REPEAT), count, 1)',
    usingMetrics: { alive, count },
    period: count.period,
  });
}
