/**
 * Physical names on AWS, in one place because the settings' checks measure them and the constructs use them. That of a
 * delivery stream is part of the names of its objects: functions/stored/delivery-stream-name.ts. That of its log group
 * stands beside it, since the stream lifecycle reads the group.
 */

/** A stream as people read of it: a renamed one by its new name, which no name on AWS has. */
export function shownNameOf({
  name,
  label,
}: {
  readonly name: string;
  readonly label?: string | undefined;
}): string {
  return label ?? name;
}

export function stackNameOf(stage: string): string {
  return `mosaic-relay-${stage}`;
}

/**
 * All of AWS shares one space of bucket names: the account and `suffix` (see below) make a name unique, in 54 of
 * 63 characters.
 */
export function bucketNameOf(stage: string, account: string, suffix: string): string {
  return `${stackNameOf(stage)}-${account}-${suffix}`;
}

export function collectorNameOf(stage: string, stream: string): string {
  return `${stackNameOf(stage)}-${stream}-collector`;
}

export function lifecycleNameOf(stage: string): string {
  return `${stackNameOf(stage)}-stream-lifecycle`;
}

/** The name is fixed, so that a principal's policy can name the role before it exists. */
export function journalReaderNameOf(stage: string): string {
  return `${stackNameOf(stage)}-journal-reader`;
}

/**
 * The name of the copier and of its role. Google's identity pool must name the part before `end`.
 *
 * @param names.end the attribute `Copier` of the destination's `Custom::Delivery`
 */
export function copierNameOf(names: DestinationNames & { readonly end: string }): string {
  return `${stackNameOf(names.stage)}-${names.stream}-${names.destination}-${names.end}`;
}

/** The schedule's name within the stage's schedule group, which has the stack's name. */
export function scheduleNameOf(stream: string, task: 'collect' | 'sweep' | 'compare'): string {
  return `${stream}-${task}`;
}

interface DestinationNames {
  readonly stage: string;
  readonly stream: string;
  readonly destination: string;
}
