/** How an alarm looks back: so many periods of one length. */
export interface Evaluation {
  readonly periodSeconds: number;
  readonly periods: number;
  /** Of the periods, so many must be breaching; all where absent. */
  readonly breaching?: number;
}

/**
 * Looks back over `seconds` in short periods, every one of which must be breaching.
 *
 * @throws {Error} at synth, where CloudWatch does not look back as far
 */
export function lookBack(seconds: number): Evaluation {
  const periodSeconds = seconds <= day ? 300 : 3_600;
  return checked({ periodSeconds, periods: Math.max(1, Math.ceil(seconds / periodSeconds)) });
}

/** Looks at the latest `seconds` as one period, in whole minutes. */
export function latest(seconds: number): Evaluation {
  return checked({ periodSeconds: Math.max(60, Math.ceil(seconds / 60) * 60), periods: 1 });
}

/** Looks at the two latest spans of so many `seconds`, of which one must be breaching. */
export function latestTwo(seconds: number): Evaluation {
  return checked({ ...latest(seconds), periods: 2, breaching: 1 });
}

const day = 86_400;
const longest = 7 * day;

/**
 * A day at most, or seven where a period is an hour or longer; and no period is longer than a day.
 *
 * @see CloudWatch API reference, "PutMetricAlarm", Period
 */
export function checked(evaluation: Evaluation): Evaluation {
  const { periodSeconds, periods } = evaluation;
  const most = periodSeconds < 3_600 ? day : longest;
  if (periodSeconds > day || periodSeconds * periods > most) {
    throw new Error(
      `CloudWatch does not evaluate ${periods} periods of ${periodSeconds} seconds: it looks back ${most / day} days at most`,
    );
  }
  return evaluation;
}
