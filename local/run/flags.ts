import { settingsFlag, stageFlag } from '../../cli/access/settings-file.ts';
import type { Flags } from '../../cli/arguments/flag.ts';
import { duration, listOf, matching, oneOf, wholeNumber } from '../../cli/arguments/forms.ts';
import type { Program } from '../../cli/arguments/program-description.ts';
import { apiUrl } from '../../cli/trial/api-url.ts';
import { eventTypes } from '../../functions/collector/contract.ts';
import { sourceSwitches } from '../source-switches.ts';
import { wantedAttack } from '../story-switches.ts';
import { faultSetNames, servedFaultSetNames } from './fault-set.ts';

export const mostSeed = 2 ** 32 - 1;

export const witnessModes = ['detect', 'recover'] as const;

/** The ways of running that a run with an end excludes. */
const mainOnly = ['serve', 'api'] as const;

/** Every flag of `npm start`, in the order that `--help` shows them. */
const flags = {
  events: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 10_000_000 }),
    not: mainOnly,
    text: 'events of each type that are raised at the beginning; 5000, or none with --trickle or --story, by default',
  },
  trickle: {
    value: 'RATE',
    form: wholeNumber({ from: 1, to: 1_000 }),
    not: [...mainOnly, 'faults'],
    text: 'events a second of each type that are raised at random moments, also while collectors run',
  },
  hours: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 48 }),
    with: ['trickle', 'story'],
    not: mainOnly,
    text: 'with --trickle or --story: hours of virtual time; 1, or 24 with --story, by default',
  },
  story: {
    not: ['api', 'events', 'trickle', 'faults'],
    text: `raise the events of users, applications, devices and administrators who behave, at their times of the run's
clock, which begins at 08:00 of a Monday`,
  },
  attack: {
    value: 'NAME@HH:MM',
    form: wantedAttack,
    many: true,
    with: ['story'],
    text: `with --story: play an attack when the run's clock shows that time next; may be given several times`,
  },
  latency: {
    value: 'MS',
    form: wholeNumber({ from: 0, to: 50_000 }),
    not: mainOnly,
    text: 'milliseconds of virtual time that an answer of Mosaic takes; 0, or 150 with --trickle, by default',
  },
  types: {
    value: 'A,B',
    form: listOf(eventTypes),
    default: eventTypes.join(','),
    text: 'the types of events whose streams take part',
  },
  seed: {
    value: 'N',
    form: wholeNumber({ from: 0, to: mostSeed }),
    default: '1',
    not: ['api'],
    text: 'events and awkward behaviour follow from this number',
  },
  source: {
    value: 'A,B',
    form: sourceSwitches,
    default: '',
    not: ['api'],
    text: 'awkward behaviours of the simulated Mosaic to switch on; "--source help" lists them',
  },
  faults: {
    value: 'NAME',
    form: oneOf(faultSetNames),
    not: ['api'],
    text: `in a clone: let things fail for hours of the run: ${faultSetNames.join(', ')}; with --serve: ${servedFaultSetNames.join(', ')}`,
  },
  witness: {
    value: 'MODE',
    form: oneOf(witnessModes),
    not: [...mainOnly, 'no-witness'],
    text: `give each stream a witness: ${witnessModes.join(', ')}`,
  },
  'every-kind': {
    with: ['faults everything'],
    not: mainOnly,
    text: `with --faults everything: add three destinations to each stream, so that every kind takes part; stages other
than dev get them anyway`,
  },
  views: {
    with: ['faults everything'],
    not: mainOnly,
    text: `with --faults everything: add two destinations to each stream that see events through a view, whose keys fail, too`,
  },
  'no-witness': {
    with: ['faults everything'],
    not: mainOnly,
    text: 'with --faults everything: leave out the witnesses that these faults add',
  },
  runs: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 100_000 }),
    not: mainOnly,
    text: 'number of runs of one synth, with one seed after the other; their totals are added up',
  },
  stage: stageFlag,
  settings: settingsFlag,
  out: {
    value: 'DIR',
    form: matching(/\S/, 'a folder'),
    default: 'out',
    text: 'the folder in which delivered objects are left',
  },
  serve: {
    not: ['api', ...faultSetNames.filter((name) => !isServed(name)).map((name) => `faults ${name}`)],
    text: 'keep raising and collecting events until Ctrl-C, with a dashboard',
  },
  port: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 65_535 }),
    with: ['serve'],
    text: "the dashboard's port on this machine; a free one by default",
  },
  api: {
    value: 'URL',
    form: apiUrl,
    text: 'collect from a real Mosaic, as relay try does, with MOSAIC_CLIENT_ID and MOSAIC_CLIENT_SECRET',
  },
  stream: {
    value: 'ID',
    form: matching(/^\S+$/, 'an id without spaces'),
    with: ['api'],
    text: 'with --api: read this stream in place of one that is created for the run',
  },
  for: {
    value: 'TIME',
    form: duration,
    default: '60s',
    with: ['api'],
    text: 'with --api: time to read for, such as 30s, 5m or 1h',
  },
  owned: { with: ['stream'], text: 'with --stream: read it even if a stage of the settings owns it' },
  yes: { with: ['api'], text: 'with --api: do not ask before the tenant is changed' },
  json: { text: 'print the result as one object, on the last line of stdout' },
} as const satisfies Flags;

/** `npm start`. */
export const startProgram = {
  name: 'npm start',
  typed: 'npm start --',
  synopsis: ['[options]', '--serve [options]', '--api URL [options]'],
  about: `Runs the relay on this machine, from the template that cdk deploy would send. Mosaic events are raised, collected
on the schedules, journaled, delivered and compared.`,
  flags,
  exitCodes: `0 nothing is missing, and the journal holds every delivered event; 1 one of these is not so, or the run
failed; 2 wrong use`,
  examples: [
    'npm start -- --events 500 --types cis,admin',
    'npm start -- --source short,duplicates,429',
    'npm start -- --faults destinations --seed 7',
    'npm start -- --story --attack spraying@14:00',
    'npm start -- --serve --faults destinations',
    'npm start -- --faults everything --types admin --events 200 --runs 10',
    'npm start -- --api https://api.sbx.transmitsecurity.io --types cis --for 2m',
  ],
} as const satisfies Program;

/** The names by which the local run is called: the package's program has the second beside the first. */
export type StartName = 'npm start' | 'relay start' | 'relay try';

/** The program by the name that its user typed. After `relay start`, flags need no `--` before them. */
export function startProgramAs(name: StartName): Program<typeof flags> {
  if (name === startProgram.name) return startProgram;
  const examples = startProgram.examples.map((line) => line.replace(startProgram.typed, name));
  return { ...startProgram, name, typed: name, examples };
}

function isServed(name: string): boolean {
  return (servedFaultSetNames as readonly string[]).includes(name);
}
