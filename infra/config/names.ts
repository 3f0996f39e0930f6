/** Physical names on AWS, in one place because the settings' checks measure them and the constructs use them. */

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

/** The name of the copier and of its role, which Google's identity pool must name. */
export function copierNameOf(stage: string, stream: string, destination: string): string {
  return `${stackNameOf(stage)}-${stream}-${destination}-copier`;
}

/** The schedule's name within the stage's schedule group, which has the stack's name. */
export function scheduleNameOf(stream: string, task: 'collect' | 'sweep' | 'compare'): string {
  return `${stream}-${task}`;
}

/**
 * `suffix` is eight characters of the stack's id. A delivery stream outlives its stack, so a stack that is created
 * again must not need the name of a kept one.
 */
export function deliveryStreamNameOf(names: {
  readonly stage: string;
  readonly stream: string;
  readonly destination: string;
  readonly suffix: string;
}): string {
  return `${stackNameOf(names.stage)}-${names.stream}-${names.destination}-${names.suffix}`;
}
