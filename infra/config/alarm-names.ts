/** Every alarm there is. Each has an article of its name in `docs/runbook.md`. */

export const streamAlarmNames = [
  'Failing',
  'NotRunning',
  'Silent',
  'Behind',
  'PossibleLoss',
  'StreamReopened',
  'CredentialRefused',
  'SourceRepeats',
  'Paused',
  'Undelivered',
  'NearExpiry',
  'OwedToRemoved',
  'WaitingForOperator',
] as const;

/** The further alarms of a stream with a witness. */
export const witnessAlarmNames = ['WitnessMissing', 'WitnessIncomparable'] as const;

/** The alarms of each destination of a stream. */
export const destinationAlarmNames = [
  'DeliveryFailing',
  'DeliveryBehind',
  'DeliveryGivenUp',
  'LateForDestination',
  'ViewDropsAll',
  'QueueStuck',
  'CopiesSetAside',
] as const;

export const stageAlarmNames = [
  'Orphaned',
  'KeptWaiting',
  'LifecycleFailing',
  'UnusualVolume',
  'Drift',
] as const;

export type AlarmName =
  | (typeof streamAlarmNames)[number]
  | (typeof witnessAlarmNames)[number]
  | (typeof destinationAlarmNames)[number]
  | (typeof stageAlarmNames)[number];

/**
 * `urgent`: events are being lost, or are lost within a day if nobody acts. `waiting`: somebody must act in working
 * hours.
 */
export const severities = ['urgent', 'waiting'] as const;
export type Severity = (typeof severities)[number];

/**
 * How urgent each alarm is. Mosaic's guide promises to keep events for one day, so an alarm that says that a stream is
 * not collected is urgent. `Paused` is waiting all the same, because somebody has paused the stream on purpose.
 */
export const alarmSeverities: Readonly<Record<AlarmName, Severity>> = {
  Failing: 'urgent',
  NotRunning: 'urgent',
  Silent: 'waiting',
  Behind: 'urgent',
  PossibleLoss: 'urgent',
  StreamReopened: 'urgent',
  CredentialRefused: 'urgent',
  SourceRepeats: 'urgent',
  Paused: 'waiting',
  Undelivered: 'urgent',
  NearExpiry: 'urgent',
  OwedToRemoved: 'waiting',
  WaitingForOperator: 'waiting',
  WitnessMissing: 'waiting',
  WitnessIncomparable: 'waiting',
  DeliveryFailing: 'urgent',
  DeliveryBehind: 'waiting',
  DeliveryGivenUp: 'waiting',
  LateForDestination: 'waiting',
  ViewDropsAll: 'waiting',
  QueueStuck: 'waiting',
  CopiesSetAside: 'waiting',
  Orphaned: 'waiting',
  KeptWaiting: 'waiting',
  LifecycleFailing: 'waiting',
  UnusualVolume: 'waiting',
  Drift: 'waiting',
};

/** `mosaic-relay-dev-cis-s3-DeliveryBehind`. */
export function alarmNameOf(
  stackName: string,
  of: { readonly stream?: string; readonly destination?: string },
  name: string,
): string {
  return [stackName, of.stream, of.destination, name].filter((part) => part !== undefined).join('-');
}
