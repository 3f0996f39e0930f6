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
