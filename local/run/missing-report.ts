import { count } from '../../cli/text.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { DestinationComparison } from './comparison.ts';
import type { StreamOutcome } from './report.ts';

/**
 * Lists the missing events with the place where each was last seen, a line or two per stream and destination;
 * empty when none is missing.
 */
export function missingReport(
  outcomes: readonly StreamOutcome[],
  world: World,
  source: SourceFates,
): string[] {
  return outcomes.flatMap((outcome) => {
    const stream = world.streams.find(({ name }) => name === outcome.name);
    if (stream === undefined) return [];
    return outcome.comparison.destinations.flatMap((destination) =>
      describe(outcome, destination, { stream, world, source }),
    );
  });
}

/** The source's knowledge of events that never arrived; absent answers are left out of the report. */
export interface SourceFates {
  /** The fate of each of these events that Mosaic did not hand over whole, such as `lost (5xx-after)`. */
  fatesOf(stream: WorldStream, ids: ReadonlySet<string>): ReadonlyMap<string, string>;
}

interface ReportedStream {
  readonly stream: WorldStream;
  readonly world: World;
  readonly source: SourceFates;
}

function describe(outcome: StreamOutcome, found: DestinationComparison, reported: ReportedStream): string[] {
  const name = `${outcome.type} (${outcome.id}) at ${found.name}`;
  const lines: string[] = [];
  if (found.missing > 0) {
    const { generated } = outcome.comparison;
    lines.push(
      `${name}: ${count(found.missing)} of ${count(generated)} events missing: ${lastSeen(found, reported)}`,
      `  first: ${found.missingEvents
        .slice(0, 5)
        .map(({ id }) => id)
        .join(' ')}`,
    );
  }
  if (found.altered > 0)
    lines.push(`${name}: ${count(found.altered)} lines are not the events that they name`);
  return lines;
}

function lastSeen(
  { missingEvents, name }: DestinationComparison,
  { stream, world, source }: ReportedStream,
): string {
  const journaled = missingEvents.filter((event) => event.journaled);
  const others = missingEvents.filter((event) => !event.journaled).map(({ id }) => id);
  const fates = source.fatesOf(stream, new Set(others));
  const tally = new Map<string, number>();
  for (const id of others) {
    const fate = fates.get(id) ?? 'never journaled';
    tally.set(fate, (tally.get(fate) ?? 0) + 1);
  }
  const parts = [...tally].map(([fate, number]) => `${count(number)} ${fate}`);
  if (journaled.length > 0)
    parts.unshift(`${count(journaled.length)} journaled${inFirehose(name, stream, world)}`);
  return parts.join(', ');
}

function inFirehose(name: string, stream: WorldStream, world: World): string {
  const destination = stream.destinations.find((one) => one.name === name);
  if (destination === undefined) return '';
  const stats = world.firehose.stats(destination.deliveryStream);
  const counts = [
    [stats.bufferedRecords, 'waiting'],
    [stats.backedUpRecords, 'in its backup'],
    [stats.lostRecords, 'lost'],
  ] as const;
  const parts = counts.flatMap(([number, text]) => (number > 0 ? [`${count(number)} ${text}`] : []));
  return parts.length === 0 ? '' : ` (Firehose has records ${parts.join(', ')})`;
}
