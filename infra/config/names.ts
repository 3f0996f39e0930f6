/** Physical names on AWS, in one place because the settings' checks measure them and the constructs use them. */

export function stackNameOf(stage: string): string {
  return `mosaic-relay-${stage}`;
}

/** Bucket names are shared by everybody: the account and `suffix` (see below) make it one's own, in 54 of 63 characters. */
export function bucketNameOf(stage: string, account: string, suffix: string): string {
  return `${stackNameOf(stage)}-${account}-${suffix}`;
}

export function collectorNameOf(stage: string, stream: string): string {
  return `${stackNameOf(stage)}-${stream}-collector`;
}

export function lifecycleNameOf(stage: string): string {
  return `${stackNameOf(stage)}-stream-lifecycle`;
}

/** Known beforehand, so that whoever assumes it can be allowed to. */
export function journalReaderNameOf(stage: string): string {
  return `${stackNameOf(stage)}-journal-reader`;
}

/** Also its role's, which Google's identity pool must name. */
export function copierNameOf(stage: string, stream: string, destination: string): string {
  return `${stackNameOf(stage)}-${stream}-${destination}-copier`;
}

/** Within the stage's schedule group, which has the stack's name. */
export function scheduleNameOf(stream: string, task: 'collect' | 'sweep' | 'compare'): string {
  return `${stream}-${task}`;
}

/**
 * `suffix` is eight characters of the stack's id: a delivery stream outlives its stack, and a stack that is created
 * again must not run into the name of one that was kept.
 */
export function deliveryStreamNameOf(names: {
  readonly stage: string;
  readonly stream: string;
  readonly destination: string;
  readonly suffix: string;
}): string {
  return `${stackNameOf(names.stage)}-${names.stream}-${names.destination}-${names.suffix}`;
}
