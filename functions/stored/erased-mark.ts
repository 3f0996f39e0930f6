import { type JournalKey, journalPrefix } from './journal-key.ts';
import { numberName } from './object-name.ts';

/**
 * Says that an operator erased a batch: `journal/<stream>/erased/<day>/<run>/<000001>`. A batch that is missing and has a
 * mark is not lost. The mark is written before the batch is deleted, and lives as long as a batch that is
 * journaled then. It lies apart from the run's batches, so that a run of which marks alone are left counts as gone.
 */
export function erasedMarkKey(batch: JournalKey): string {
  return `${erasedRunFolder(batch)}${numberName(batch.number)}`;
}

/** The marks of one run. */
export function erasedRunFolder({ streamName, day, run }: Omit<JournalKey, 'number'>): string {
  return `${erasedFolder(streamName)}${day}/${run}/`;
}

/** The marks of a stream. */
export function erasedFolder(streamName: string): string {
  return `${journalPrefix(streamName)}erased/`;
}

/** The batch that a mark is about; undefined where the key is no mark. */
export function readErasedMarkKey(key: string): JournalKey | undefined {
  const [, streamName, day, run, number] = markKey.exec(key) ?? [];
  if (streamName === undefined || day === undefined || run === undefined) return undefined;
  return { streamName, day, run, number: Number(number) };
}

const markKey = /^journal\/([^/]+)\/erased\/(\d{4}-\d\d-\d\d)\/([^/]+)\/(\d{6,})$/;

/** @param at ms since the epoch */
export function writeErasedMark(at: number): Uint8Array {
  return Buffer.from(JSON.stringify({ at: new Date(at).toISOString() }));
}
