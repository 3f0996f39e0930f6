import type { AlarmState } from '../../metrics/judge.ts';
import { InvalidCall, refuseOtherMembers } from './invalid-call.ts';
import type { CloudWatchOptions, Monitoring } from './monitoring.ts';

type Input = Readonly<Record<string, unknown>>;

/** Sets a state until the alarm is next judged, and tells whom a change is to be told: its own and its parents'. */
export function setAlarmState(
  input: Input,
  { evaluator }: Monitoring,
  { now, publish }: Pick<CloudWatchOptions, 'now' | 'publish'>,
): void {
  refuseOtherMembers(input, ['AlarmName', 'StateValue', 'StateReason']);
  const { AlarmName, StateValue, StateReason } = input;
  if (!isState(StateValue)) throw new InvalidCall(`StateValue ${String(StateValue)}`, 'ValidationError');
  if (typeof StateReason !== 'string' || StateReason.length > 1023)
    throw new InvalidCall('StateReason must be a text of up to 1,023 characters', 'ValidationError');
  if (!evaluator.states().some(({ name }) => name === AlarmName))
    throw new InvalidCall(`there is no alarm ${String(AlarmName)}`, 'ResourceNotFound');
  const before = evaluator.history.length;
  evaluator.set(String(AlarmName), { to: StateValue, reason: StateReason }, now());
  for (const { name, to, reason, told, time } of evaluator.history.slice(before)) {
    const message = JSON.stringify({
      AlarmName: name,
      NewStateValue: to,
      NewStateReason: reason,
      StateChangeTime: new Date(time).toISOString(),
    });
    for (const arn of told)
      publish(arn, { subject: `${to}: "${name}" in the local run`.slice(0, 99), message });
  }
}

function isState(value: unknown): value is AlarmState {
  return value === 'OK' || value === 'ALARM' || value === 'INSUFFICIENT_DATA';
}
