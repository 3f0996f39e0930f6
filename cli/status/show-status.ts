import { leftNothing } from '../../functions/stored/run-item.ts';
import { describeSchedule } from '../schedules/describe-schedule.ts';
import { keptUntil } from '../schedules/kept-until.ts';
import { count, dateText, durationText, type Paint, plural, table } from '../text.ts';
import type { DestinationHealth } from './destination-health.ts';
import type { StreamStatus } from './stream-status.ts';

const head = [
  'STREAM',
  'TYPE',
  'SCHEDULE',
  'LAST RUN',
  'LAST EVENT',
  'LAG',
  'LEASE',
  'OPEN',
  'UNDELIVERED',
  'QUARANTINE',
  'DESTINATIONS',
];

/** A line per stream, and below them a note on each paused one and on each that was replaced and is still read. */
export function showStatus(streams: readonly StreamStatus[], { now, paint }: Look): string {
  const rows = streams.map((stream) => row(stream, { now, paint }));
  const paused = streams.filter(({ schedule }) => !schedule.on);
  return [
    table([head.map((title) => paint(title, 'bold')), ...rows]),
    ...paused.map(({ label, lastRun }) =>
      paint(
        `${label} is paused: what is not collected by ${dateText(keptUntil(lastRun, now))} may be gone from Mosaic`,
        'yellow',
      ),
    ),
    ...streams.flatMap(({ label, retiring }) =>
      retiring.map(({ streamId, emptySince }) =>
        paint(
          `${label}: the replaced stream ${streamId} is retiring: ` +
            (emptySince === undefined
              ? 'it is still read, and was not empty when it was last'
              : `it has been empty for ${durationText(now - emptySince)}, and is read until that is a day`),
          'yellow',
        ),
      ),
    ),
  ].join('\n');
}

export interface Look {
  readonly now: number;
  readonly paint: Paint;
}

function row(stream: StreamStatus, look: Look): string[] {
  const { now, paint } = look;
  const { openRuns, oldestUndeliveredMs, quarantined, lease, lagMs } = stream;
  return [
    stream.label,
    stream.type,
    paint(describeSchedule(stream.schedule), stream.schedule.on ? 'dim' : 'yellow'),
    lastRun(stream, look),
    stream.lastEventAt === undefined ? '-' : `${durationText(now - stream.lastEventAt)} ago`,
    lagMs === undefined
      ? '-'
      : lagMs > lateMs
        ? paint(durationText(lagMs), 'red')
        : lagMs === 0
          ? 'none'
          : durationText(lagMs),
    lease === undefined ? '-' : holder(lease, now),
    openRuns === 0 ? '-' : count(openRuns),
    oldestUndeliveredMs === 0
      ? '-'
      : paint(durationText(oldestUndeliveredMs), oldestUndeliveredMs > lateMs ? 'red' : 'yellow'),
    quarantined === 0 ? '-' : paint(count(quarantined), 'red'),
    [
      ...stream.destinations.map((destination) => health(destination, paint)),
      ...Object.entries(stream.owedToRemoved).map(([destination, batches]) =>
        paint(`${destination} removed (${plural(batches, 'batch', 'batches')} owed)`, 'yellow'),
      ),
    ].join(', ') || '-',
  ];
}

/** The alarms' own threshold. */
const lateMs = 3_600_000;

function lastRun({ lastRun: end }: StreamStatus, { now, paint }: Look): string {
  if (end === undefined) return 'never';
  const ago = `${durationText(now - end.endedAt)} ago`;
  if (end.outcome === 'failed') return paint(`${ago}, failed${end.code ? ` (${end.code})` : ''}`, 'red');
  return leftNothing(end.outcome) ? ago : `${ago}, ${end.outcome}`;
}

function holder({ run, until }: { readonly run: string; readonly until: number }, now: number): string {
  const short = run.slice(0, 8);
  return until <= now ? `${short} (expired)` : `${short} for ${durationText(until - now)}`;
}

function health({ name, verdict, ...facts }: DestinationHealth, paint: Paint): string {
  const details = [
    facts.owedBatches > 0 ? `${plural(facts.owedBatches, 'batch', 'batches')} owed` : '',
    facts.deliverySuccess !== undefined && facts.deliverySuccess < 1
      ? `${Math.round(facts.deliverySuccess * 100)}% delivered`
      : '',
    (facts.freshnessSeconds ?? 0) > 900
      ? `oldest ${durationText((facts.freshnessSeconds ?? 0) * 1_000)}`
      : '',
    facts.queued ? `${plural(facts.queued, 'object')} queued` : '',
    facts.copiesRefused ? `${plural(facts.copiesRefused, 'copy', 'copies')} refused` : '',
    facts.deadLetters ? `${plural(facts.deadLetters, 'dead letter')}` : '',
  ].filter((text) => text !== '');
  const colour = { ok: 'green', quiet: 'dim', unknown: 'dim', behind: 'yellow', failing: 'red' } as const;
  return paint(`${name} ${verdict}${details.length > 0 ? ` (${details.join(', ')})` : ''}`, colour[verdict]);
}
