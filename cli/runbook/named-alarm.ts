import {
  type AlarmName,
  alarmNameOf,
  alarmSeverities,
  destinationAlarmNames,
  stageAlarmNames,
  witnessAlarmNames,
} from '../../infra/config/alarm-names.ts';
import { nearest } from '../../infra/config/nearest.ts';
import {
  type DeployedDestination,
  type DeployedRelay,
  type DeployedStream,
  destinationOf,
  streamsOf,
} from '../access/deployed-relay.ts';
import { shown } from '../arguments/wrong-use.ts';
import { CommandError } from '../command.ts';

/** Every alarm, as the runbook calls it. */
export const alarmNames = Object.keys(alarmSeverities) as readonly AlarmName[];

/** Something that has an alarm: a destination, a stream, or the stage where both are absent. */
export interface AlarmSubject {
  readonly stream?: DeployedStream;
  readonly destination?: string;
}

/** An alarm, and all of the stage that has one of this name and was asked for. */
export interface NamedAlarm {
  readonly name: AlarmName;
  readonly subjects: readonly AlarmSubject[];
}

/**
 * Finds the alarm that a word names: `DeliveryGivenUp`, in capitals or not, or the whole name on AWS, which names the stream and
 * the destination, too.
 *
 * @throws {CommandError} with the name that was most likely meant
 */
export function namedAlarm(
  word: string,
  relay: Pick<DeployedRelay, 'stackName' | 'streams' | 'place'>,
  only: { readonly stream?: string | undefined; readonly destination?: string | undefined },
): NamedAlarm {
  const name = alarmNames.find((one) => one.toLowerCase() === endOf(word).toLowerCase());
  if (name === undefined) throw unknownAlarm(word);
  const subjects = subjectsOf(name, relay, only);
  if (word === endOf(word)) return { name, subjects };
  const whole = subjects.filter(({ stream, destination }) => {
    const of = { ...(stream && { stream: stream.name }), ...(destination && { destination }) };
    return alarmNameOf(relay.stackName, of, name).toLowerCase() === word.toLowerCase();
  });
  if (whole.length > 0) return { name, subjects: whole };
  throw new CommandError(
    `${relay.place} has no alarm ${shown(word)}; see whether --stage is right, or say ${name} with --stream and --destination`,
  );
}

function endOf(word: string): string {
  return word.slice(word.lastIndexOf('-') + 1);
}

function unknownAlarm(word: string): CommandError {
  const meant = nearest(endOf(word), alarmNames);
  const help = meant === undefined ? `there are ${alarmNames.join(', ')}` : `did you mean ${meant}?`;
  return new CommandError(`there is no alarm ${shown(word)}; ${help}`);
}

function subjectsOf(
  name: AlarmName,
  relay: Pick<DeployedRelay, 'streams' | 'place'>,
  only: { readonly stream?: string | undefined; readonly destination?: string | undefined },
): readonly AlarmSubject[] {
  const isOf = (names: readonly string[]): boolean => names.includes(name);
  if (isOf(stageAlarmNames)) return [{}];
  const streams = streamsOf(relay as DeployedRelay, only.stream);
  if (isOf(witnessAlarmNames)) {
    const watched = relay.streams.map(({ settings }) => settings.witnessOf?.name);
    return streams.filter((stream) => watched.includes(stream.name)).map((stream) => ({ stream }));
  }
  if (!isOf(destinationAlarmNames)) return streams.map((stream) => ({ stream }));
  return streams.flatMap((stream) => {
    const wanted =
      only.destination === undefined ? stream.destinations : [destinationOf(stream, only.destination)];
    return wanted
      .filter((destination) => hasAlarm(destination, name))
      .map((destination) => ({ stream, destination: destination.name }));
  });
}

/** Some alarms are for some destinations alone. */
function hasAlarm({ copier, view, ages }: DeployedDestination, name: AlarmName): boolean {
  if (name === 'QueueStuck' || name === 'CopiesSetAside') return copier !== undefined;
  if (name === 'ViewDropsAll') return view !== undefined;
  return name !== 'LateForDestination' || ages !== undefined;
}
