import { type Change, harmless, type Meaning, type ResourceMeaning } from '../change.ts';

/** Resources that tell people. Events travel the same with and without them. */
export const alarmMeanings: Readonly<Record<string, ResourceMeaning>> = {
  'AWS::CloudWatch::Alarm': alarm('alarm'),
  'AWS::CloudWatch::CompositeAlarm': alarm('alarm over alarms'),
  'AWS::SNS::Topic': {
    thing: 'topic of alarms',
    replacedBy: ['TopicName', 'FifoTopic'],
    added: alarms('tells whoever subscribes to it'),
    removed: alarms('whoever subscribed to it hears no alarm any more'),
    replaced: alarms('whoever subscribed by hand hears no alarm until they subscribe to the new topic'),
    changed: harmless('subscriptions stay'),
  },
  'AWS::SNS::Subscription': {
    thing: 'subscription to alarms',
    replacedBy: ['Endpoint', 'Protocol', 'TopicArn'],
    added: alarms('hears alarms once its address has confirmed'),
    removed: alarms('hears no alarm any more'),
    replaced: alarms('hears no alarm until its address has confirmed again'),
    changed: harmless('goes on hearing alarms'),
  },
  'AWS::SNS::TopicPolicy': {
    thing: 'policy of a topic',
    replacedBy: [],
    added: harmless('who may publish to the topic'),
    removed: alarms('goes with its topic'),
    replaced: harmless('who may publish to the topic'),
    changed: harmless('who may publish to the topic'),
  },
  'AWS::CloudWatch::Dashboard': {
    thing: 'dashboard',
    replacedBy: ['DashboardName'],
    added: harmless('shows, and changes nothing'),
    removed: harmless('metrics and alarms stay'),
    replaced: harmless('has another name; metrics stay'),
    changed: harmless('shows something else; metrics stay'),
  },
  'AWS::CloudFormation::Stack': {
    thing: 'stack of alarms',
    replacedBy: [],
    added: alarms('its alarms begin to watch'),
    removed: alarms('its alarms are deleted: nobody is told of what they watched'),
    replaced: alarms('its alarms are made anew'),
    changed: harmless('only its own changes count: alarms and dashboards'),
  },
};

function alarm(thing: string): ResourceMeaning {
  return {
    thing,
    replacedBy: ['AlarmName'],
    added: alarms('begins to watch, and tells when its state changes'),
    removed: alarms(
      'is deleted, and tells nobody of this any more; KeptWaiting tells of a removed destination',
    ),
    replaced: alarms(
      'has another name: its history goes with the old one, and what watches it elsewhere by name hears nothing',
    ),
    changed: changedAlarm,
  };
}

function alarms(says: string): Meaning {
  return { level: 'alarms', says };
}

const texts = ['AlarmDescription', 'Tags'];
const shownValues = ['Threshold', 'EvaluationPeriods', 'DatapointsToAlarm', 'Period', 'TreatMissingData'];

function changedAlarm({ properties, before, after }: Change): Meaning {
  if (properties.every((name) => texts.includes(name)))
    return harmless('says something else, and watches the same');
  const values = shownValues
    .filter((name) => properties.includes(name) && before !== undefined && after !== undefined)
    .map(
      (name) =>
        `${name} ${before?.Properties?.[name] ?? 'default'} becomes ${after?.Properties?.[name] ?? 'default'}`,
    );
  if (String(after?.Properties?.ActionsEnabled) === 'false') return alarms('watches, and tells nobody');
  return alarms(
    values.length > 0
      ? `goes off at other values: ${values.join(', ')}`
      : 'watches or tells otherwise than before; its state is judged anew within minutes',
  );
}
