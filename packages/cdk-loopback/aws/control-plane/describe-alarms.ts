import type { AlarmStatus } from '../../metrics/alarm-evaluator.ts';
import { InvalidCall, refuseOtherMembers } from './invalid-call.ts';
import type { CloudWatchOptions, Monitoring } from './monitoring.ts';

type Input = Readonly<Record<string, unknown>>;

/** By names or by a prefix; metric alarms unless other types are asked for. */
export function describeAlarms(
  input: Input,
  monitoring: Monitoring,
  place: Pick<CloudWatchOptions, 'accountId' | 'region'>,
) {
  refuseOtherMembers(input, ['AlarmNames', 'AlarmNamePrefix', 'AlarmTypes', 'StateValue', 'MaxRecords']);
  const { AlarmNames, AlarmNamePrefix, AlarmTypes = ['MetricAlarm'], StateValue } = input;
  if (AlarmNames !== undefined && AlarmNamePrefix !== undefined)
    throw new InvalidCall('AlarmNames and AlarmNamePrefix do not go together');
  const isWanted = ({ name, state }: AlarmStatus) =>
    (AlarmNames === undefined || (AlarmNames as string[]).includes(name)) &&
    name.startsWith(String(AlarmNamePrefix ?? '')) &&
    (StateValue === undefined || state === StateValue);
  const statuses = monitoring.evaluator.states().filter(isWanted);
  const describe = (status: AlarmStatus) => ({
    AlarmName: status.name,
    AlarmArn: `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm:${status.name}`,
    AlarmDescription: status.description,
    StateValue: status.state,
    StateReason: status.reason,
    ...(status.since === undefined ? {} : { StateTransitionedTimestamp: status.since / 1_000 }),
    ...actionsOf(status.name, monitoring),
  });
  const types = new Set(AlarmTypes as string[]);
  const ofKind = (kind: AlarmStatus['kind'], type: string) =>
    types.has(type) ? statuses.filter((status) => status.kind === kind) : [];
  return {
    MetricAlarms: ofKind('metric', 'MetricAlarm').map(describe),
    CompositeAlarms: ofKind('composite', 'CompositeAlarm').map((status) => ({
      ...describe(status),
      AlarmRule: ruleOf(status.name, monitoring),
    })),
  };
}

function actionsOf(name: string, { alarms, composites }: Monitoring) {
  const actions = [...alarms, ...composites].find((alarm) => alarm.name === name)?.actions;
  return {
    ActionsEnabled: true,
    AlarmActions: actions?.ALARM ?? [],
    OKActions: actions?.OK ?? [],
    InsufficientDataActions: actions?.INSUFFICIENT_DATA ?? [],
  };
}

/** Its children, any of which may be meant: the rule's own text is not kept. */
function ruleOf(name: string, { composites }: Monitoring): string {
  const children = composites.find((composite) => composite.name === name)?.rule.children ?? [];
  return children.map((child) => `ALARM("${child}")`).join(' OR ');
}
