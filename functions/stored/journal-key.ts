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

/** The batch that a key names; undefined where the object is no batch. */
export function readJournalKey(key: string): JournalKey | undefined {
  const [, streamName, day, run, number] = journalKey.exec(key) ?? [];
  if (streamName === undefined || day === undefined || run === undefined) return undefined;
  return { streamName, day, run, number: Number(number) };
}

const journalKey = /^journal\/([^/]+)\/(\d{4}-\d\d-\d\d)\/([^/]+)\/(\d{6,})\.json(?:\.gz|\.zst)?$/;

/** All that is below it belongs to the stream's journal. */
export function journalPrefix(streamName: string): string {
  return `journal/${streamName}/`;
}

/** The batches of the runs that started on a day. */
export function journalDayFolder({ streamName, day }: Pick<JournalKey, 'streamName' | 'day'>): string {
  return `${journalPrefix(streamName)}${day}/`;
}

/** The batches of one run. */
export function journalRunFolder(key: Omit<JournalKey, 'number'>): string {
  return `${journalDayFolder(key)}${key.run}/`;
}
