import { z } from 'zod';
import { positiveNumber, shown, span, text } from './fields.ts';
import {
  type FieldShape,
  type FieldsRead,
  noProblems,
  type Path,
  type Problems,
  readFields,
} from './problems.ts';

/** The settings of alarms: as an operator writes them, and as the stack reads them. */

/** Of a whole stage. */
export interface StageAlarmSettings {
  /** Subscriptions to every alarm of the stage. Up to 50, default: none, and the topics are there to subscribe to. */
  readonly subscriptions?: readonly AlarmSubscription[];
  /** Subscriptions to the alarms by which events are lost within a day, such as a pager. Up to 50, default: none. */
  readonly urgent?: readonly AlarmSubscription[];
  /** Subscriptions to the alarms that can wait for working hours, such as a ticket queue. Up to 50, default: none. */
  readonly waiting?: readonly AlarmSubscription[];
  /** Where `docs/runbook.md` is read, such as `https://wiki.example.com/relay-runbook`. Default `docs/runbook.md`. */
  readonly runbook?: string;
  /** GiB a day, as Firehose bills them, above which the stage's volume is unusual. Above 0, up to 100000, default 50. */
  readonly billedGiBPerDay?: number;
}

/** As SNS takes it. An address has to confirm before anything reaches it. */
export interface AlarmSubscription {
  readonly protocol: 'email' | 'email-json' | 'https' | 'lambda' | 'sms' | 'sqs';
  /** An e-mail address, an https URL, an ARN or a telephone number. */
  readonly endpoint: string;
}

/** Of one stream: durations such as `'90 minutes'`, `'6 hours'` or `'3 days'`. */
export interface StreamAlarmSettings {
  /** Its longest usual time without an event. `'10 minutes'` to `'7 days'`, default `'3 days'` or twice the schedule; `'off'` where none is usual. */
  readonly quiet?: string;
  /** How old the newest collected event may be while Mosaic holds more. `'5 minutes'` to `'23 hours'`, default twice the schedule, but 1 to 12 hours. */
  readonly behind?: string;
  /** How long every run may fail. `'5 minutes'` to `'1 day'`, default three ticks of the schedule, more where a run may take longer than that, but 15 minutes to 1 day. */
  readonly failing?: string;
  /** How long no run may end: the schedule and the function's timeout at least. `'5 minutes'` to `'7 days'`, default two ticks of the schedule and the timeout. */
  readonly notRunning?: string;
  /** How old a batch may become that some destination has not got. `'5 minutes'` to `'7 days'`, default `'1 hour'`. */
  readonly undelivered?: string;
  /** How old a record may become in a delivery stream. `'1 minute'` to `'1 day'`, default `'30 minutes'`. */
  readonly deliveryBehind?: string;
}

/** As the stack reads them. */
export type StageAlarms = FieldsRead<typeof stageAlarmFields>;
/** In seconds; absent where the default follows from the schedule. */
export type StreamAlarms = FieldsRead<typeof streamAlarmFields>;

interface Place {
  readonly path: Path;
  readonly problems: Problems;
}

/** With the defaults for what was refused, whose problems are told. */
export function readStageAlarms(written: unknown, at: Place): StageAlarms {
  return { ...defaultsOf(stageAlarmFields), ...readFields(stageAlarmFields, written ?? {}, at) };
}

/** With the defaults for what was refused, whose problems are told. */
export function readStreamAlarms(written: unknown, at: Place): StreamAlarms {
  return { ...defaultsOf(streamAlarmFields), ...readFields(streamAlarmFields, written ?? {}, at) };
}

const hour = 3_600;
const day = 86_400;

const endpoints: Readonly<Record<AlarmSubscription['protocol'], RegExp>> = {
  email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
  https: /^https:\/\/\S+$/,
  lambda: /^arn:aws[a-z-]*:lambda:\S+$/,
  sms: /^\+\d{6,15}$/,
  sqs: /^arn:aws[a-z-]*:sqs:\S+$/,
};

const subscription = z
  .strictObject(
    {
      protocol: z.enum(Object.keys(endpoints) as [AlarmSubscription['protocol']]),
      endpoint: z.string(),
    },
    {
      error: ({ input }) =>
        `${shown(input)} is no subscription; give { protocol: 'email', endpoint: 'soc@example.com' }, or a protocol of ${Object.keys(endpoints).join(', ')}`,
    },
  )
  .superRefine(({ protocol, endpoint }, context) => {
    if (endpoints[protocol].test(endpoint)) return;
    const topic = /^arn:[^:]+:sns:([^:]*):/.exec(endpoint);
    if (topic !== null) {
      context.addIssue({
        code: 'custom',
        path: ['endpoint'],
        message: `${shown(endpoint)} is a topic in ${topic[1]}, and a topic notifies no other; give what is subscribed to that topic, or subscribe it to the stage's own topic`,
      });
      return;
    }
    context.addIssue({
      code: 'custom',
      path: ['endpoint'],
      message: `${shown(endpoint)} is nothing that '${protocol}' reaches; give an address, an https URL, an ARN or +digits`,
    });
  });

const subscriptions = z
  .array(subscription, { error: ({ input }) => `${shown(input)} is not a list; give a list` })
  .max(50, { error: () => 'has more than 50; give a mailing list of your own' })
  .default([]);

export const stageAlarmFields = {
  subscriptions,
  urgent: subscriptions,
  waiting: subscriptions,
  runbook: text(/^https:\/\/\S+$/, 'an https URL').default('docs/runbook.md'),
  billedGiBPerDay: positiveNumber(100_000).default(50),
} satisfies Record<keyof StageAlarmSettings, z.ZodType>;

export const streamAlarmFields = {
  quiet: z
    .union([z.literal('off'), span(10 * 60, 7 * day)], {
      error: ({ input }) => `${shown(input)} will not do; give '10 minutes' to '7 days', or 'off'`,
    })
    .optional(),
  behind: span(5 * 60, 23 * hour).optional(),
  failing: span(5 * 60, day).optional(),
  notRunning: span(5 * 60, 7 * day).optional(),
  undelivered: span(5 * 60, 7 * day).default(hour),
  deliveryBehind: span(60, day).default(hour / 2),
} satisfies Record<keyof StreamAlarmSettings, z.ZodType>;

function defaultsOf<Shape extends FieldShape>(shape: Shape): FieldsRead<Shape> {
  return readFields(shape, {}, { path: '', problems: noProblems() }) as FieldsRead<Shape>;
}
