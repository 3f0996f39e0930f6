import type { Values } from '../../cli/arguments/flag.ts';
import { decimal, type Form, notA, wholeNumber } from '../../cli/arguments/forms.ts';
import type { Program } from '../../cli/arguments/program-description.ts';

/** More events than a machine takes in a day. */
const mostEvents = 1_000_000_000;

/** Hours above 0 and up to 48, in quarters: a sample is taken each quarter of an hour. */
const quarterHours: Form<number> = {
  range: 'above 0 and up to 48, in quarters',
  read(text) {
    const hours = /^\d{1,2}(\.\d{1,2})?$/.test(text) ? Number(text) : Number.NaN;
    if (hours > 0 && hours <= 48 && Number.isInteger(hours * 4)) return hours;
    throw notA('a number of hours above 0 and up to 48, in quarters such as 2.25', text);
  },
};

/** `npm run soak`. */
export const soakProgram = {
  name: 'npm run soak',
  typed: 'npm run soak --',
  synopsis: ['[options]', '--load [options]'],
  about: `Runs the relay on this machine for long: a simulated day of events over four streams with faults, and then a backlog
against a Firehose quota. Every event is compared, and memory and lag are plotted.

With --load, a steady load is delivered against a quota instead. Without a flag that describes a row, every row of the
table in docs/reliability.md is run, at a quarter of Firehose's default quota.`,
  flags: {
    events: {
      value: 'N',
      form: wholeNumber({ from: 0, to: mostEvents }),
      default: '20000000',
      not: ['load'],
      text: 'events of the simulated day, over four streams',
    },
    backlog: {
      value: 'N',
      form: wholeNumber({ from: 0, to: mostEvents }),
      default: '5000000',
      not: ['load'],
      text: 'events that wait when the backlog begins; 0 for no backlog',
    },
    seed: {
      value: 'N',
      form: wholeNumber({ from: 0, to: 2 ** 32 - 1 }),
      default: '1',
      not: ['load'],
      text: 'every event and every fault follows from this number',
    },
    svg: {
      value: 'FILE',
      default: 'soak.svg',
      not: ['load'],
      text: 'the file into which memory and lag are plotted',
    },
    load: { text: 'deliver a steady load in place of the day and the backlog' },
    quota: {
      value: 'MIB',
      form: decimal({ above: 0, upTo: 100, unit: 'MiB a second' }),
      with: ['load'],
      text: 'with --load: MiB a second that each delivery stream takes; 1 by default',
    },
    rate: {
      value: 'N',
      form: decimal({ above: 0, upTo: 10_000, unit: 'events a second' }),
      with: ['load'],
      text: 'with --load: events of 1 KB a second; by default as many as make 70 % of the quota',
    },
    destinations: {
      value: 'N',
      form: wholeNumber({ from: 1, to: 8 }),
      with: ['load'],
      text: 'with --load: destinations in S3; 2 by default',
    },
    every: {
      value: 'MINUTES',
      form: wholeNumber({ from: 1, to: 60 }),
      with: ['load'],
      text: 'with --load: minutes from one collect to the next; 5 by default',
    },
    hours: {
      value: 'H',
      form: quarterHours,
      with: ['load'],
      text: 'with --load: hours in which events are raised; 3 by default',
    },
    outage: {
      value: 'HOURS',
      form: decimal({ above: 0, upTo: 48, unit: 'hours' }),
      with: ['load'],
      text: `with --load: hours in which the last destination's delivery stream refuses every call, after half an hour; no
outage by default`,
    },
    json: { text: 'print the figures as JSON: one line a part or, with --load, one last line of every row' },
  },
  exitCodes: '0 nothing is missing and every row of a load holds, 1 one of these is not so, 2 wrong use',
  examples: [
    'npm run soak -- --events 100000 --backlog 50000',
    'npm run soak -- --load --quota 0.25 --hours 2.25 --outage 1',
  ],
} as const satisfies Program;

/** The flags of `npm run soak`. */
export type SoakFlags = Values<(typeof soakProgram)['flags']>;
