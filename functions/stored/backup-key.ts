import { errorFolders, hourFolder } from './hourly-prefix.ts';

/** All that is below it was written by Firehose: what destinations did not take, and copies. */
export const backupFolder = 'backup/';

/** All backups of a stream: `backup/<stream>/`. */
export function backupPrefix(streamName: string): string {
  return `${backupFolder}${streamName}/`;
}

/** The backup of one destination: `backup/<stream>/<destination>/`. */
export function backupDestinationFolder(of: BackupOwner): string {
  return `${backupPrefix(of.streamName)}${of.destination}/`;
}

export interface BackupOwner {
  /** The stream's stable name. */
  readonly streamName: string;
  readonly destination: string;
}

/** Where Firehose writes what the destination did not take, in Firehose's expressions. */
export function backupErrorPrefix(of: BackupOwner): string {
  return `${backupDestinationFolder(of)}${errorFolders}`;
}

/** Where Firehose writes copies of everything, if the settings ask for them, in Firehose's expressions. */
export function backupCopyPrefix(of: BackupOwner): string {
  return `${backupDestinationFolder(of)}${copies}${hourFolder}`;
}

const copies = 'everything/';

/** The owner of a backup object. A copy needs no replay. @returns undefined where the object is no backup */
export function readBackupKey(key: string): (BackupOwner & { readonly isCopy: boolean }) | undefined {
  const [, streamName, destination, rest] = /^backup\/([^/]+)\/([^/]+)\/(.*)$/s.exec(key) ?? [];
  if (streamName === undefined || destination === undefined || rest === undefined) return undefined;
  return { streamName, destination, isCopy: rest.startsWith(copies) };
}
