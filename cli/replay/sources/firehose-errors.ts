import { backupPrefix, readBackupKey } from '../../../functions/stored/backup-key.ts';
import { readErrorObject } from '../../../functions/stored/backup-object.ts';
import { type DeployedDestination, destinationOf } from '../../access/deployed-relay.ts';
import { linesAsTheyAre } from '../lines.ts';
import { moveToReplayed } from '../marks.ts';
import { markReplayed, type RelayedLine, readRelayedLine } from '../relayed-line.ts';
import { type Found, isOwed, isWithin, type Opened, type SearchOptions, type TimeRange } from '../waiting.ts';
import { listWaiting } from './list-waiting.ts';

/**
 * Finds the events that a destination did not take from Firehose: the error objects under
 * `backup/<stream>/<destination>/`, without the copies of everything. An object counts as a whole if any of its
 * lines was collected in the range.
 */
export async function searchFirehoseErrors(options: SearchOptions): Promise<Found> {
  const { stream, bucket, range } = options;
  const waiting: Found['waiting'][number][] = [];
  const problems: Found['problems'][number][] = [];
  let replayedBefore = 0;
  for await (const { key, at, isMoved } of listWaiting(options, backupPrefix(stream.name))) {
    const backup = readBackupKey(key);
    if (backup === undefined || backup.isCopy) continue;
    const { destination } = backup;
    if (!stream.destinations.some(({ name }) => name === destination)) {
      if (!isMoved)
        problems.push({ key, reason: `it is owed to ${destination}, which the stream no longer has` });
      continue;
    }
    if (!options.destinations.includes(destination)) continue;
    const owed = await isOwed(options, destination, key);
    if (!owed && isMoved) continue;
    if (!owed) replayedBefore += 1;
    waiting.push({
      source: 'firehose-errors',
      key,
      destinations: owed ? [destination] : [],
      open: async () => {
        const { body } = await bucket.get(at);
        const opened = openErrors(body, { range, destination: destinationOf(stream, destination) });
        // A moved object was whole when it was sent. The view has changed since, and a mark counts the lines of then.
        return isMoved && opened.kind === 'lines' && opened.problems.length > 0
          ? { kind: 'unusable', reason: opened.problems.join('; ') }
          : opened;
      },
      settle: async () => {
        if (!isMoved) await moveToReplayed(bucket, key);
      },
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
