import { leftNothing } from '../../functions/stored/run-item.ts';
import { namesText, unknownText } from '../drift/sum-unknown.ts';
import { keptFacts, titleOfKept, waitingAtKept } from '../kept/show-kept.ts';
import { describeSchedule } from '../schedules/describe-schedule.ts';
import { ageText, type Paint, tableWithin, wrapped } from '../text.ts';
import { amountText, isSome } from '../waiting/amount.ts';
import { type Place, places } from '../waiting/reckon.ts';
import { isTrouble, type Verdict } from '../waiting/verdict.ts';
import { type Look, paragraph } from './paragraph.ts';
import type { StageStatus } from './stage-status.ts';
import type { DestinationStatus, StreamStatus } from './stream-status.ts';

/**
 * The verdict of the whole, a table of streams, a table of destinations, and below them a paragraph for everything that
 * somebody has to look at. The command to type next has a line of its own, which is never broken.
 */
export function showStatus(status: StageStatus, place: string, look: Look): string {
  const { paint, columns, now } = look;
  const { streams } = status;
  const all = streams.flatMap((stream) => stream.destinations.map((one) => ({ stream, one })));
  const streamRows = streams.map((stream) => streamRow(stream, look));
  const rows = all.map(({ stream, one }) => destinationRow(stream, one, look));
  const titles = (...cells: readonly string[]) => cells.map((title) => paint(title, 'bold'));
  return [
    wrapped(headlineOf(status, now), columns)
      .split('\n')
      .map((line) => paint(line, colours[status.verdict]))
      .join('\n'),
    paint(place, 'dim'),
    '',
    streams.length === 0
      ? 'no streams'
      : tableWithin(columns, [
          titles('STREAM', 'VERDICT', 'SCHEDULE', 'LAST RUN', 'LAST EVENT'),
          ...streamRows,
        ]),
    ...(rows.length === 0
      ? []
      : ['', tableWithin(columns, [titles('DESTINATION', 'VERDICT', 'WAITING', 'OLDEST'), ...rows])]),
    ...troubleLines(status, look),
  ].join('\n');
}

const colours = {
  ok: 'green',
  quiet: 'dim',
  unknown: 'yellow',
  behind: 'yellow',
  'waiting for you': 'yellow',
  failing: 'red',
} as const satisfies Readonly<Record<Verdict, Parameters<Paint>[1]>>;

/** One sentence on the whole. */
export function headlineOf(status: StageStatus, now: number): string {
  const { verdict, waiting, oldestAt, streams, stage, kept } = status;
  const age = oldestAt === undefined ? '' : `, the oldest for ${ageText(now - oldestAt)}`;
  const waits = [
    ...(isSome(waiting) ? [`${amountText(waiting)} ${waiting.events === 1 ? 'waits' : 'wait'}${age}`] : []),
    ...waitingAtKept(kept),
  ];
  const wait = waits.length === 0 ? 'nothing waits' : waits.join('; ');
  if (!isTrouble(verdict)) return `${verdict}: ${stage} delivers what it collects; ${wait}`;
  const where = [
    ...streams.flatMap((stream) => [
      ...(stream.collecting.verdict === verdict ? [stream.label] : []),
      ...stream.destinations
        .filter((one) => one.verdict === verdict)
        .map(({ name }) => `${stream.label}/${name}`),
    ]),
    ...kept.streams.filter((one) => one.verdict === verdict).map(titleOfKept),
  ];
  return `${verdict}: ${where.length === 0 ? stage : where.join(', ')}; ${wait}`;
}

function streamRow(stream: StreamStatus, { now, paint }: Look): string[] {
  const { label, collecting, schedule, lastRun, lastEventAt } = stream;
  const outcome = lastRun === undefined || leftNothing(lastRun.outcome) ? '' : `, ${lastRun.outcome}`;
  return [
    label,
    paint(collecting.verdict, colours[collecting.verdict]),
    paint(describeSchedule(schedule), schedule.on ? 'dim' : 'yellow'),
    lastRun === undefined ? 'never' : `${ageText(now - lastRun.endedAt)} ago${outcome}`,
    lastEventAt === undefined ? '-' : `${ageText(now - lastEventAt)} ago`,
  ];
}

function destinationRow(stream: StreamStatus, one: DestinationStatus, { now, paint }: Look): string[] {
  return [
    `${stream.label}/${one.name}`,
    paint(one.verdict, colours[one.verdict]),
    isSome(one.waiting) ? amountText(one.waiting) : '-',
    one.oldestAt === undefined ? '-' : ageText(now - one.oldestAt),
  ];
}

/** What is said of a place, after the number of events. */
const placeTexts: Readonly<Record<Place, string>> = {
  journal: 'in the journal, not yet accepted by Firehose',
  firehose: 'held by Firehose',
  queue: "in the copier's queue",
  deadLetters: 'in dead letters',
  backup: 'given up by Firehose, in backup',
  quarantine: 'in quarantine',
};

/** What a destination's receiver has not got, by place, as a part of a sentence. */
export function waitingText({ places: amounts }: Pick<DestinationStatus, 'places'>): string {
  return places
    .filter((place) => isSome(amounts[place]))
    .map((place) => `${amountText(amounts[place])} ${placeTexts[place]}`)
    .join('; ');
}

/** A paragraph for everything that somebody has to look at, each after an empty line. */
export function troubleLines(status: StageStatus, look: Look): readonly string[] {
  return paragraphs(status, look).flatMap((lines) => ['', ...lines]);
}

function paragraphs(status: StageStatus, look: Look): readonly (readonly string[])[] {
  const all = status.streams.flatMap((stream) => stream.destinations.map((one) => ({ stream, one })));
  const { now } = look;
  const ofStreams = status.streams.flatMap((stream) => {
    const { label, collecting, alarms = [], lease, retiring, unknown } = stream;
    const said = [
      ...collecting.reasons,
      ...(lease === undefined || lease.until <= now
        ? []
        : [`run ${lease.run.slice(0, 8)} holds the lease for ${ageText(lease.until - now)}`]),
      ...retiring.map(
        ({ streamId, emptySince }) =>
          `the replaced stream ${streamId} is retiring: ` +
          (emptySince === undefined
            ? 'it is still read, and was not empty when it was last'
            : `it has been empty for ${ageText(now - emptySince)}, and is read until that is a day`),
      ),
      ...(unknown === undefined
        ? []
        : [`in the last day ${unknownText(unknown)}: ${namesText(unknown)}; relay drift tells more`]),
    ];
    return said.length === 0 && alarms.length === 0
      ? []
      : [paragraph(label, said, { alarms, next: collecting.next, look })];
  });
  const ofDestinations = all.flatMap(({ stream, one }) => {
    if (!isTrouble(one.verdict) && one.alarms.length === 0) return [];
    const { deliverySuccess = 1, copiesRefused, lastDay } = one;
    const said = [
      ...(deliverySuccess < 1
        ? [`${Math.round(deliverySuccess * 100)}% of the last attempts succeeded`]
        : []),
      ...(copiesRefused > 0 ? [`the receiver refused ${copiesRefused} copies in the last hour`] : []),
      ...(isSome(one.waiting) ? [waitingText(one)] : []),
      ...(isSome(lastDay.late) ? [`${amountText(lastDay.late)} late in the last day`] : []),
      ...(isSome(lastDay.dropped)
        ? [`${amountText(lastDay.dropped)} dropped by its view in the last day`]
        : []),
    ];
    return [paragraph(`${stream.label}/${one.name}`, said, { alarms: one.alarms, next: one.next, look })];
  });
  const ofStage =
    status.alarms.length === 0 ? [] : [paragraph(status.stage, [], { alarms: status.alarms, look })];
  const { streams: keptStreams, problem } = status.kept;
  const ofKept = keptStreams.map((kept) =>
    paragraph(titleOfKept(kept), keptFacts(kept, now), { alarms: [], next: kept.next, look }),
  );
  const ofProblem =
    problem === undefined ? [] : [paragraph('removed destinations', [problem], { alarms: [], look })];
  return [...ofDestinations, ...ofStreams, ...ofStage, ...ofKept, ...ofProblem];
}
