/** One of an alarm's three states. */
export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm's verdict on one period. */
export type Datapoint = 'ok' | 'breaching' | 'missing';

export const missingTreatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
export type MissingTreatment = (typeof missingTreatments)[number];

export interface Judgement {
  /** M: how many of N have to breach. */
  readonly datapointsToAlarm: number;
  /** N. */
  readonly evaluationPeriods: number;
  readonly missing: MissingTreatment;
}

/**
 * How many periods CloudWatch looks at beyond N, for real data to use before it fills in for missing data.
 *
 * The documentation's examples look at 5 for an N of 3, and do not say how it follows in general.
 */
export const furtherPeriods = 2;

/**
 * The state that an alarm's datapoints come to.
 *
 * @param datapoints of the whole evaluation range, N and {@link furtherPeriods}, oldest first
 * @returns undefined to keep the present state
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function judge(datapoints: readonly Datapoint[], judgement: Judgement): AlarmState | undefined {
  const { datapointsToAlarm, evaluationPeriods, missing } = judgement;
  const real = datapoints.filter((datapoint) => datapoint !== 'missing');
  const breaching = real.slice(-evaluationPeriods).filter((datapoint) => datapoint === 'breaching').length;
  const state = (count: number): AlarmState => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  const lacking = evaluationPeriods - real.length;
  if (lacking <= 0) return state(breaching);
  if (real.length === 0) return ofNothing[missing];
  if (missing === 'breaching') return state(breaching + lacking);
  if (missing === 'notBreaching') return state(breaching);
  if (breaching < datapointsToAlarm && premature(datapoints, datapointsToAlarm))
    return missing === 'ignore' ? undefined : 'ALARM';
  return state(breaching);
}

const ofNothing: Readonly<Record<MissingTreatment, AlarmState | undefined>> = {
  missing: 'INSUFFICIENT_DATA',
  ignore: undefined,
  breaching: 'ALARM',
  notBreaching: 'OK',
};

/** Nothing but breaching data, the oldest of it as old as M: it stays an alarm also where no more comes. */
function premature(datapoints: readonly Datapoint[], datapointsToAlarm: number): boolean {
  if (datapoints.includes('ok')) return false;
  return datapoints.length - datapoints.indexOf('breaching') >= datapointsToAlarm;
}
