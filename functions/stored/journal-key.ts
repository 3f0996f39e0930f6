import type { AnswerEncoding } from '../answer.ts';
import { extensionOf, numberName } from './object-name.ts';

/** All that is below it belongs to the journals of the streams. */
export const journalFolder = 'journal/';

/**
 * Where one batch lies in the bucket: `journal/<stream>/<day>/<run>/<000001>.json`, followed by `.gz` or `.zst` where
 * the answer is compressed. Other objects may lie below `journal/`, such as the probe of a cautious run.
 */
export interface JournalKey {
  /** The stream's stable name. */
  readonly streamName: string;
  /** UTC, `2026-03-02`: when the run started. */
  readonly day: string;
  readonly run: string;
  /** Within the run, 1.. */
  readonly number: number;
}

export function writeJournalKey(key: JournalKey, encoding: AnswerEncoding): string {
  return `${journalRunFolder(key)}${numberName(key.number)}${extensionOf(encoding)}`;
}

/** The batch that a key names; undefined where the object is no batch. */
export function readJournalKey(key: string): JournalKey | undefined {
  const [, streamName, day, run, number] = journalKey.exec(key) ?? [];
  if (streamName === undefined || day === undefined || run === undefined) return undefined;
  return { streamName, day, run, number: Number(number) };
}

const journalKey = /^journal\/([^/]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/(\d{6,})\.json(?:\.gz|\.zst)?$/;

/** All that is below it belongs to the stream's journal. */
export function journalPrefix(streamName: string): string {
  return `${journalFolder}${streamName}/`;
}

/** The stream whose journal an object lies in, batch or not; undefined where it lies in none. */
export function journalOwner(key: string): string | undefined {
  return /^journal\/([^/]+)\//.exec(key)?.[1];
}

/** The batches of the runs that started on a day. */
export function journalDayFolder({ streamName, day }: Pick<JournalKey, 'streamName' | 'day'>): string {
  return `${journalPrefix(streamName)}${day}/`;
}

/** The batches of one run. */
export function journalRunFolder(key: Omit<JournalKey, 'number'>): string {
  return `${journalDayFolder(key)}${key.run}/`;
}

/** What the key of a batch begins with, whatever the batch's encoding. No other batch's key begins so. */
export function journalNumberPrefix(key: JournalKey): string {
  return `${journalRunFolder(key)}${numberName(key.number)}.`;
}

/** The object that a cautious run writes to learn whether S3 takes its batches. Its content says nothing. */
export function probeKey(streamName: string): string {
  return `${journalPrefix(streamName)}probe`;
}
