import type { KeptDelivery } from './kept-delivery.ts';

/**
 * The name of a delivery stream's log group, to which Firehose writes its errors.
 *
 * @param names.end the attribute `Logs` of the destination's `Custom::Delivery`
 */
export function deliveryLogsNameOf(names: {
  readonly stage: string;
  readonly stream: string;
  readonly end: string;
}): string {
  return `${deliveryLogsFolder(names.stage)}${names.stream}/${names.end}`;
}

/** What the names of the log groups of all delivery streams of a stage begin with. */
export function deliveryLogsFolder(stage: string): string {
  return `/mosaic-siem-relay/${stage}/`;
}

/** The log group of a kept delivery stream, as its note tells it. */
export function keptLogsNameOf(
  stage: string,
  {
    streamName: stream,
    destination,
    mark,
    copierEnd = mark,
  }: Pick<KeptDelivery, 'streamName' | 'destination' | 'mark' | 'copierEnd'>,
): string {
  // What the stack's own mark names has names without a mark.
  const end = copierEnd === 'copier' ? destination : `${destination}/${mark}`;
  return deliveryLogsNameOf({ stage, stream, end });
}
