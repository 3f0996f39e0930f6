import type { AlarmName } from '../../infra/config/alarm-names.ts';
import { keptFacts, titleOfKept } from '../kept/show-kept.ts';
import { describeSchedule } from '../schedules/describe-schedule.ts';
import { waitingText } from '../status/show-status.ts';
import type { StageStatus } from '../status/stage-status.ts';
import type { DestinationStatus, StreamStatus } from '../status/stream-status.ts';
import { ageText, plural } from '../text.ts';
import { amountText, isSome } from '../waiting/amount.ts';
import type { RedAlarm } from '../waiting/red-alarms.ts';
import type { AlarmSubject, NamedAlarm } from './named-alarm.ts';

/** The figures of one subject of an alarm, as they are now. */
export interface Figures {
  readonly subject: AlarmSubject;
  /** `cis/splunk`, `cis`, or the stage. */
  readonly title: string;
  /** Undefined where CloudWatch does not let these credentials read. */
  readonly red: RedAlarm | 'no' | undefined;
  /** A clause each. */
  readonly said: readonly string[];
}

/** The figures of everything that has the alarm, what is red first. */
export function figuresOf({ name, subjects }: NamedAlarm, status: StageStatus): readonly Figures[] {
  return subjects
    .map((subject) => figuresOn(name, subject, status))
    .toSorted((one, other) => Number(isRed(other)) - Number(isRed(one)));
}

export function isRed({ red }: Figures): boolean {
  return red !== undefined && red !== 'no';
}

function figuresOn(name: AlarmName, subject: AlarmSubject, status: StageStatus): Figures {
  const stream = status.streams.find((one) => one.name === subject.stream?.name);
  if (stream === undefined) {
    const red = status.alarms.find((alarm) => alarm.name === name) ?? 'no';
    return { subject, title: status.stage, red, said: ofStage(status) };
  }
  const alarmsOf = (alarms: readonly RedAlarm[]): Figures['red'] =>
    stream.alarms === undefined ? undefined : (alarms.find((alarm) => alarm.name === name) ?? 'no');
  const one = stream.destinations.find((destination) => destination.name === subject.destination);
  if (one !== undefined) {
    const said = [...ofDestination(one, status.now), ...ofLastDay(one)];
    return { subject, title: `${stream.label}/${one.name}`, red: alarmsOf(one.alarms), said };
  }
  const ofIts = stream.destinations.flatMap((destination) => {
    const said = ofDestination(destination, status.now).join('; ');
    return [`${destination.name}: ${said}`];
  });
  const said = [...ofStream(stream, status.now), ...ofIts];
  return { subject, title: stream.label, red: alarmsOf(stream.alarms ?? []), said };
}

function ofStream(stream: StreamStatus, now: number): readonly string[] {
  const { schedule, lastRun, lagMs, collecting, quarantined, owedToRemoved, openRuns } = stream;
  return [
    `it collects ${describeSchedule(schedule)}`,
    lastRun === undefined
      ? 'no run has ended'
      : `the last run ended ${ageText(now - lastRun.endedAt)} ago: ${lastRun.outcome}${lastRun.code === undefined ? '' : ` (${lastRun.code})`}`,
    ...(stream.lastEventAt === undefined
      ? []
      : [`the newest collected event is ${ageText(now - stream.lastEventAt)} old`]),
    ...(lagMs === undefined || lagMs === 0 ? [] : [`Mosaic holds a backlog, of ${ageText(lagMs)}`]),
    ...collecting.reasons,
    ...(openRuns === 0
      ? []
      : [
          `${plural(openRuns, 'run')} not delivered whole, the oldest for ${ageText(stream.oldestUndeliveredMs)}`,
        ]),
    ...(quarantined.entries === 0
      ? []
      : [`${plural(quarantined.entries, 'entry', 'entries')} in quarantine`]),
    ...Object.entries(owedToRemoved).map(
      ([name, amount]) => `${amountText(amount)} owed to ${name}, which was removed`,
    ),
  ];
}

function ofDestination(one: DestinationStatus, now: number): readonly string[] {
  const { waiting, oldestAt, deliverySuccess, copiesRefused, queued, deadLetters } = one;
  const oldest = oldestAt === undefined ? '' : `, the oldest for ${ageText(now - oldestAt)}`;
  return [
    isSome(waiting) ? `${waitingText(one)}${oldest}` : 'its receiver has everything',
    ...(deliverySuccess === undefined
      ? []
      : [`${Math.round(deliverySuccess * 100)}% of Firehose's last attempts succeeded`]),
    ...(copiesRefused > 0
      ? [`the receiver refused ${plural(copiesRefused, 'copy', 'copies')} in the last hour`]
      : []),
    ...(queued > 0 ? [`${plural(queued, 'message')} in the queue`] : []),
    ...(deadLetters > 0 ? [`${plural(deadLetters, 'message')} in dead letters`] : []),
  ];
}

function ofLastDay({ lastDay }: DestinationStatus): readonly string[] {
  const { collected, delivered, late, dropped } = lastDay;
  return [
    `in the last day ${amountText(collected)} collected, ${amountText(delivered)} delivered, ${amountText(late)} late, ${amountText(dropped)} dropped by a view`,
  ];
}

function ofStage({ streams, kept, now }: StageStatus): readonly string[] {
  const collected = streams.map(({ label, destinations: [first] }) =>
    first === undefined
      ? `${label}: no destination`
      : `${label}: ${amountText(first.lastDay.collected)} collected in the last day`,
  );
  const ofKept = kept.streams.map((one) => `${titleOfKept(one)}: ${keptFacts(one, now).join('; ')}`);
  return [
    ...collected,
    ...(ofKept.length === 0 && kept.problem === undefined
      ? ['nothing is kept of removed destinations']
      : ofKept),
    ...(kept.problem === undefined ? [] : [kept.problem]),
  ];
}
