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

/** Of a stream that has a witness. */
export const witnessAlarmNames = ['WitnessMissing', 'WitnessIncomparable'] as const;

/** Of each destination of a stream. */
export const destinationAlarmNames = [
  'DeliveryFailing',
  'DeliveryBehind',
  'DeliveryGivenUp',
  'QueueStuck',
  'CopiesSetAside',
] as const;

export const stageAlarmNames = ['Orphaned', 'UnusualVolume'] as const;

export type AlarmName =
  | (typeof streamAlarmNames)[number]
  | (typeof witnessAlarmNames)[number]
  | (typeof destinationAlarmNames)[number]
  | (typeof stageAlarmNames)[number];

/**
 * `mosaic-relay-dev-cis-s3-DeliveryBehind`.
 *
 * @param name absent for the alarm over all others of the stream, or of the stage
 */
export function alarmNameOf(
  stackName: string,
  of: { readonly stream?: string; readonly destination?: string },
  name?: string,
): string {
  return [stackName, of.stream, of.destination, name].filter((part) => part !== undefined).join('-');
}
