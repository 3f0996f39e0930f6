/** Physical names on AWS, in one place because the settings' checks measure them and the constructs use them. */

export function stackNameOf(stage: string): string {
  return `mosaic-relay-${stage}`;
}

export function collectorNameOf(stage: string, stream: string): string {
  return `${stackNameOf(stage)}-${stream}-collector`;
}

export function lifecycleNameOf(stage: string): string {
  return `${stackNameOf(stage)}-stream-lifecycle`;
}

/** Within the stage's schedule group, which has the stack's name. */
export function scheduleNameOf(stream: string, task: 'collect' | 'sweep'): string {
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
