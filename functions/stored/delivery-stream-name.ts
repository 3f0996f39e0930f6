/**
 * The physical name of a delivery stream.
 *
 * @param names.mark the attribute `DeliveryStream` of the destination's `Custom::Delivery`, eight characters. A delivery
 * stream outlives its destination and its stack, and neither may need the name of a kept one when it is made again.
 */
export function deliveryStreamNameOf(names: {
  readonly stage: string;
  readonly stream: string;
  readonly destination: string;
  readonly mark: string;
}): string {
  return `mosaic-relay-${names.stage}-${names.stream}-${names.destination}-${names.mark}`;
}

/** True of an object that this very delivery stream wrote. */
export function isWrittenBy(deliveryStream: string, key: string): boolean {
  return key.slice(key.lastIndexOf('/') + 1).startsWith(`${deliveryStream}-`);
}

/**
 * A delivery stream's name ends with a mark of eight hexadecimal digits, by which it differs from those that its
 * destination had before it was removed and put back.
 *
 * @returns the name without the mark: one for all that a destination of a stream has had
 */
export function unmarked(deliveryStream: string): string {
  return deliveryStream.replace(/-[0-9a-f]{8}$/, '');
}

/**
 * True of an object that a delivery stream wrote, or one that the same destination had before. Several delivery streams
 * may share a prefix, and Firehose begins an object's name with the stream's.
 *
 * @param key of the object, in its bucket
 */
export function isWrittenFor(deliveryStream: string, key: string): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const beginning = unmarked(deliveryStream);
  if (!name.startsWith(`${beginning}-`)) return false;
  return beginning === deliveryStream || /^[0-9a-f]{8}-/.test(name.slice(beginning.length + 1));
}
