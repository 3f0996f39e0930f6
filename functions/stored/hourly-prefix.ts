/**
 * The folder of an hour of arrival, in Firehose's expressions, which Firehose fills in by UTC.
 * @see Firehose developer guide, "Custom prefixes for Amazon S3 objects"
 */
export const hourFolder = 'dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/';

/** What a destination did not take, by error, day and hour, in Firehose's expressions. */
export const errorFolders = `!{firehose:error-output-type}/${hourFolder}`;

/** Where Firehose writes data, by event type, day and hour, below a folder that ends in a slash. */
export function dataPrefix(folder: string, type: string): string {
  return `${folder}type=${type}/${hourFolder}`;
}

/** The folder of a prefix that `dataPrefix` made; the whole prefix where it did not. */
export function folderOfPrefix(prefix: string): string {
  const end = prefix.search(/type=[^/]*\/dt=/);
  return end === -1 ? prefix : prefix.slice(0, end);
}

/** A prefix with Firehose's expressions of day and hour, as Firehose fills it in for the hour that `time` lies in. */
export function prefixOfHour(prefix: string, time: number): string {
  const iso = new Date(time).toISOString();
  return prefix
    .replaceAll('!{timestamp:yyyy-MM-dd}', iso.slice(0, 10))
    .replaceAll('!{timestamp:HH}', iso.slice(11, 13));
}
