import { wholeNumber } from '../../cli/arguments/forms.ts';
import type { Program } from '../../cli/arguments/program-description.ts';

/** `npm run bench`. */
export const benchProgram = {
  name: 'npm run bench',
  typed: 'npm run bench --',
  synopsis: ['[options]'],
  about: `Measures the CPU time of a million events beside the programs that a user would run instead, all on this machine
and in interleaved rounds; how near one stream comes to the latencies that it waits for; what a view costs beside
parsing; and the bill.`,
  flags: {
    rounds: {
      value: 'N',
      form: wholeNumber({ from: 3, to: 50 }),
      default: '7',
      text: 'rounds of the comparison',
    },
    quick: {
      not: ['rounds'],
      text: 'take 3 rounds and measure for a shorter time: under a minute',
    },
    json: { text: 'end with the figures as one line of JSON' },
  },
  exitCodes: '0 everything was measured, 1 something could not be measured, 2 wrong use',
  examples: ['npm run bench -- --rounds 11'],
} as const satisfies Program;

/** Rounds of `--quick`. */
export const quickRounds = 3;
