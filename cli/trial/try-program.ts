import { eventTypes } from '../../functions/collector/contract.ts';
import { settingsFlag, stageFlag } from '../access/settings-file.ts';
import type { Flags } from '../arguments/flag.ts';
import { duration, listOf, matching } from '../arguments/forms.ts';
import type { Program } from '../arguments/program-description.ts';
import { yesFlag } from '../consent.ts';

/** Every flag of a trial. `npm start -- --api` takes the same. */
const flags = {
  types: {
    value: 'A,B',
    form: listOf(eventTypes),
    default: eventTypes.join(','),
    text: 'the types of events to read',
  },
  for: {
    value: 'TIME',
    form: duration,
    default: '60s',
    text: 'time to read for, such as 30s, 5m or 1h',
  },
  stream: {
    value: 'ID',
    form: matching(/^\S+$/, 'an id without spaces'),
    text: 'read this stream in place of one that is created for the trial',
  },
  owned: {
    with: ['stream'],
    text: 'read the stream even if a stage of the settings owns it: its SIEMs never get what is read',
  },
  yes: yesFlag,
  stage: stageFlag,
  settings: settingsFlag,
  out: {
    value: 'DIR',
    form: matching(/\S/, 'a folder'),
    default: 'out',
    text: 'the folder in which the events are left, as the destinations of the stage get them',
  },
  json: { text: 'print the result as one object, on the last line of stdout' },
} as const satisfies Flags;

/** `relay try`: what `npm start -- --api` does, by a name of its own. */
export const tryProgram = {
  name: 'relay try',
  synopsis: ['URL [options]'],
  about: `Reads a tenant's own events for a while, before anything is deployed: through the stage's own collector on this machine, into a
folder. At the end it says how many events came and how large they are, their activities, what a month of them would cost, which schedule
fits, which members may hold personal data, and settings to paste. MOSAIC_CLIENT_ID and MOSAIC_CLIENT_SECRET of a management app stand
in the environment.

It first says what it changes in the tenant, and asks: it starts collection of the types, which stays on, and creates a stream of its own
for each, which it deletes at the end, also after Ctrl-C.`,
  flags,
  operand: { name: 'URL', text: "scheme and host of Mosaic's environment" },
  exitCodes: `0 everything that was read is delivered; 1 something is missing, the trial failed, or it was not agreed to; 2 wrong
use`,
  examples: [
    'relay try https://api.sbx.transmitsecurity.io --types cis --for 2m',
    'relay try https://api.eu.transmitsecurity.io --types cis,admin --for 1h --yes',
  ],
} as const satisfies Program;
