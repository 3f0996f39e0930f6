/** All that is below it is data that Firehose delivered to the relay's own bucket. */
export const deliveredFolder = 'delivered/';

/**
 * What a destination's folder is for: data that stay (`kept`), or that a copier takes on and the bucket deletes
 * (`copied`).
 */
export type FolderUse = 'kept' | 'copied';

/** The owner of a delivered object. @returns undefined where the object is none, or lies in a bucket that is not the relay's */
export function readDeliveredKey(
  key: string,
): { readonly streamName: string; readonly destination: string } | undefined {
  const [, streamName, destination] = /^delivered\/([^/]+)\/([^/]+)\/./s.exec(key) ?? [];
  return streamName === undefined || destination === undefined ? undefined : { streamName, destination };
}

/** The data of one destination: `delivered/<stream>/<destination>/`. */
export function deliveredDestinationFolder(of: {
  /** The stream's stable name. */
  readonly streamName: string;
  readonly destination: string;
}): string {
  return `${deliveredFolder}${of.streamName}/${of.destination}/`;
}
