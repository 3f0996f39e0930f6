import { eventTypes } from '../../functions/collector/contract.ts';
import { faultSetNames, servedFaultSetNames } from './faults/fault-sets.ts';

/**
 * Every flag of `npm start`, in the order that `--help` shows them. One entry is all that a flag needs: how it is
 * spelled, its default, and in which of the three ways of running (`main`, `serve`, `api`) it means something.
 */
export const flags = {
  events: {
    value: 'N',
    default: '5000',
    modes: ['main'],
    text: 'events to generate of each type',
  },
  trickle: {
    value: 'RATE',
    modes: ['main'],
    text: 'raise so many events a second of each type, at random moments, also while collectors run: 1 to 1000',
  },
  hours: {
    value: 'N',
    default: '1',
    modes: ['main'],
    text: 'with --trickle: for how long, on the virtual clock',
  },
  latency: {
    value: 'MS',
    default: '',
    modes: ['main'],
    text: 'how long Mosaic takes for an answer, on the virtual clock (0; 150 with --trickle)',
  },
  types: {
    value: 'A,B',
    default: eventTypes.join(','),
    modes: ['main', 'serve', 'api'],
    text: 'which streams take part',
  },
  seed: {
    value: 'N',
    default: '1',
    modes: ['main', 'serve'],
    text: 'what the events and the awkward behaviour follow from',
  },
  source: {
    value: 'A,B',
    default: '',
    modes: ['main', 'serve'],
    text: 'awkward behaviours of Mosaic to switch on; "--source help" lists them',
  },
  faults: {
    value: 'NAME',
    default: '',
    modes: ['main', 'serve'],
    text: `let things fail for hours of the run: ${faultSetNames.join(', ')}; with --serve: ${servedFaultSetNames.join(', ')}`,
  },
  witness: {
    value: 'MODE',
    default: '',
    modes: ['main'],
    text: 'give each stream a witness, to detect or to recover',
  },
  'every-kind': {
    modes: ['main'],
    text: 'with --faults everything: three destinations more for each stream, so that every kind takes part; so it is for any stage but dev',
  },
  'no-witness': {
    modes: ['main'],
    text: 'with --faults everything: without the witnesses that it brings along',
  },
  runs: {
    value: 'N',
    default: '',
    modes: ['main'],
    text: 'so many runs of one synth, with seeds one after the other, and their totals',
  },
  stage: {
    value: 'NAME',
    default: 'dev',
    modes: ['main', 'serve', 'api'],
    text: 'the stage of infra/config/stages.ts to run',
  },
  out: {
    value: 'DIR',
    default: 'out',
    modes: ['main', 'serve', 'api'],
    text: 'where delivered objects are left',
  },
  serve: { modes: ['serve'], text: 'keep generating and collecting until interrupted' },
  api: {
    value: 'URL',
    modes: ['api'],
    text: 'collect from a real Mosaic, with MOSAIC_CLIENT_ID and MOSAIC_CLIENT_SECRET',
  },
  stream: {
    value: 'ID',
    modes: ['api'],
    text: 'with --api: read this stream, rather than one created for the occasion',
  },
  for: {
    value: 'TIME',
    default: '60s',
    modes: ['api'],
    text: 'with --api: how long to read, as 30s, 5m or 1h',
  },
  yes: { modes: ['api'], text: 'with --api: read a stream that stands in stages.ts all the same' },
  json: { modes: ['main', 'serve', 'api'], text: 'the last line of stdout is the result as one object' },
  help: { short: 'h', modes: ['main', 'serve', 'api'], text: 'show this' },
} as const satisfies Record<string, Flag>;

export type FlagName = keyof typeof flags;
export type Mode = 'main' | 'serve' | 'api';

export interface Flag {
  /** What stands for its value in the help; absent for a switch. */
  readonly value?: string;
  readonly default?: string;
  readonly short?: string;
  readonly modes: readonly Mode[];
  readonly text: string;
}

/** The text of `--help`. */
export function helpText(): string {
  const lines = Object.entries(flags as Record<string, Flag>).map(([name, flag]) => {
    const spelled = flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`;
    const preset = flag.default ? ` (${flag.default})` : '';
    return `  ${spelled.padEnd(14)} ${flag.text}${preset}`;
  });
  return [
    'Usage: npm start -- [flags]',
    '',
    'Runs the relay on this machine, from the template that `cdk deploy` would send: Mosaic events are generated,',
    'collected on the schedules, journaled, delivered and compared. Exit 0: nothing is missing, and the journal holds',
    'all that was delivered; 1: one of these is not so, or the run failed; 2: wrong use.',
    '',
    ...lines,
    '',
    'Examples:',
    '  npm start -- --events 500 --types cis,admin',
    '  npm start -- --source short,duplicates,429',
    '  npm start -- --faults destinations --seed 7',
    '  npm start -- --serve --faults destinations',
    '  npm start -- --faults everything --types admin --events 200 --runs 10',
    '  npm start -- --api https://api.sbx.transmitsecurity.io --types cis --for 2m',
  ].join('\n');
}
