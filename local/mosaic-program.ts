import { wholeNumber } from '../cli/arguments/forms.ts';
import type { Program } from '../cli/arguments/program-description.ts';
import { sourceSwitches } from './source-switches.ts';
import { wantedAttack } from './story-switches.ts';

/** `npm run mosaic`. */
export const mosaicProgram = {
  name: 'npm run mosaic',
  typed: 'npm run mosaic --',
  synopsis: ['[options]'],
  about: `Runs a simulated Mosaic on this machine, with its event streaming API, and keeps raising events of every type.
The program prints its address, a client id and a secret, and the calls of Mosaic's guide as curl lines. Ctrl-C ends it.`,
  flags: {
    port: {
      value: 'N',
      form: wholeNumber({ from: 0, to: 65_535 }),
      default: '0',
      text: 'the port to listen on; 0 is a free one',
    },
    rate: {
      value: 'N',
      form: wholeNumber({ from: 0, to: 10_000 }),
      default: '5',
      text: 'events of each type that are raised every second',
    },
    seed: {
      value: 'N',
      form: wholeNumber({ from: 0, to: 2 ** 32 - 1 }),
      default: '1',
      text: 'events and awkward behaviour follow from this number',
    },
    source: {
      value: 'A,B',
      form: sourceSwitches,
      default: '',
      text: 'awkward behaviours to switch on; "--source help" lists them',
    },
    story: {
      not: ['rate'],
      text: `raise the events of users, applications, devices and administrators who behave, at their times of day, UTC,
in place of made-up ones`,
    },
    attack: {
      value: 'NAME@HH:MM',
      form: wantedAttack,
      many: true,
      with: ['story'],
      text: 'with --story: play an attack when it is that time next, UTC; may be given several times',
    },
  },
  exitCodes: '0 ended by Ctrl-C, 2 wrong use, or a port that cannot be listened on',
  examples: [
    'npm run mosaic -- --port 8080 --rate 20 --source short,429',
    'npm run mosaic -- --story --attack lockouts@09:30',
  ],
} as const satisfies Program;
