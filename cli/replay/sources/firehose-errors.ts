import { gunzipSync } from 'node:zlib';
import { backupPrefix, readBackupKey } from '../../../functions/stored/backup-key.ts';
import { type DeployedDestination, destinationOf } from '../../access/deployed-relay.ts';
import { linesAsTheyAre } from '../lines.ts';
import { moveToReplayed } from '../marks.ts';
import { markReplayed, type RelayedLine, readRelayedLine } from '../relayed-line.ts';
import {
  type Found,
  isWithin,
  mayHold,
  type Opened,
  type SearchOptions,
  type TimeRange,
} from '../waiting.ts';

/**
 * Finds the events that a destination did not take from Firehose: the error objects under
 * `backup/<stream>/<destination>/`, without the copies of everything. An object counts as a whole if any of its
 * lines was collected in the range.
 */
export async function searchFirehoseErrors(options: SearchOptions): Promise<Found> {
  const { stream, bucket, marks, range } = options;
  const waiting: Found['waiting'][number][] = [];
  const problems: Found['problems'][number][] = [];
  let replayedBefore = 0;
  for await (const { key, modifiedAt } of bucket.list(backupPrefix(stream.name))) {
    const backup = readBackupKey(key);
    if (backup === undefined || backup.isCopy || !mayHold(range, modifiedAt)) continue;
    const { destination } = backup;
    if (!stream.destinations.some(({ name }) => name === destination)) {
      problems.push({ key, reason: `it is owed to ${destination}, which the stream no longer has` });
      continue;
    }
    if (!options.destinations.includes(destination)) continue;
    const has = await marks.has(destination, key);
    if (has) replayedBefore += 1;
    waiting.push({
      source: 'firehose-errors',
      key,
      destinations: has ? [] : [destination],
      open: async () =>
        openErrors((await bucket.get(key)).body, { range, destination: destinationOf(stream, destination) }),
      settle: () => moveToReplayed(bucket, key),
    });
  }
  return { waiting, replayedBefore, problems };
}

function openErrors(body: Uint8Array, { range, destination }: ErrorsOf): Opened {
  const { lines, problems } = readErrorObject(body);
  const read = lines.map((line) => ({ line, relayed: readRelayedLine(line) }));
  const times = read.flatMap(({ relayed }) => (relayed === undefined ? [] : [relayed.collectedAt]));
  if (times.length > 0 && !times.some((time) => isWithin(range, time))) return { kind: 'out-of-range' };
  const known = read.filter(({ relayed }) => relayed !== undefined);
  const foreign = read.length - known.length;
  const ours = known.filter(({ relayed }) => relayed?.view === destination.view);
  const others = known.flatMap(({ relayed }) => (relayed?.view === destination.view ? [] : relayed!));
  return {
    kind: 'lines',
    lines: linesAsTheyAre(ours.map(({ line }) => markReplayed(line)!)),
    problems: [
      ...problems,
      ...(foreign === 0 ? [] : [`${foreign} of its lines were not written by the relay`]),
      ...(others.length === 0 ? [] : [ofOtherViews(others, destination.name)]),
    ],
  };
}

interface ErrorsOf {
  readonly range: TimeRange | undefined;
  readonly destination: DeployedDestination;
}

/** A tightened view is not undone by what an earlier one showed. The journal brings the same events. */
function ofOtherViews(lines: readonly RelayedLine[], destination: string): string {
  const times = lines.map(({ collectedAt }) => collectedAt);
  const at = (time: number): string => new Date(time).toISOString();
  const range = `--from ${at(Math.min(...times))} --to ${at(Math.max(...times) + 1_000)}`;
  return `${lines.length} of its lines were made by another view than today's: replay --source journal --destination ${destination} ${range} brings their events`;
}

/**
 * Reads the lines that Firehose could not deliver from an error object: one JSON object a line, with the record in
 * `rawData`.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/retry.html "S3 backup bucket error format"
 */
export function readErrorObject(body: Uint8Array): {
  readonly lines: readonly Uint8Array[];
  readonly problems: readonly string[];
} {
  const text = body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : Buffer.from(body);
  const lines: Uint8Array[] = [];
  let without = 0;
  let damaged = 0;
  for (const error of splitLines(text)) {
    const record = rawDataOf(error);
    const plain = record === undefined ? undefined : plainOf(record);
    if (plain !== undefined) lines.push(...splitLines(plain));
    else if (record === undefined) without += 1;
    else damaged += 1;
  }
  const problems = [
    [without, 'hold no rawData'],
    [damaged, 'do not decompress'],
  ] as const;
  return {
    lines,
    problems: problems.flatMap(([count, what]) =>
      count === 0 ? [] : [`${count} of its error records ${what}`],
    ),
  };
}

/**
 * Decompresses a record.
 *
 * @returns undefined where the record is compressed and damaged
 */
function plainOf(record: Buffer): Buffer | undefined {
  if (record[0] !== 0x1f || record[1] !== 0x8b) return record;
  try {
    return gunzipSync(record);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/**
 * Reads `rawData` without parsing the line: Firehose's documentation shows messages whose quotes are not escaped,
 * which are no JSON.
 */
function rawDataOf(error: Uint8Array): Buffer | undefined {
  const found = /"rawData"\s*:\s*"([A-Za-z0-9+/]*={0,2})"/.exec(Buffer.from(error).toString('latin1'));
  return found === null ? undefined : Buffer.from(found[1]!, 'base64');
}

/** Splits text into lines without their line breaks, and leaves empty lines out. */
function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf(0x0a, start);
    const end = found === -1 ? text.length : found;
    if (end > start) lines.push(text.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
