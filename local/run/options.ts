import { parseArgs } from 'node:util';
import { type EventType, eventTypes } from '../../functions/collector/contract.ts';
import { type FaultSetName, faultSetNames, servedFaultSetNames } from './faults/fault-sets.ts';
import {
  duration,
  listed,
  listedSwitches,
  named,
  oneOf,
  type SourceSwitch,
  wholeNumber,
  wrongUse,
} from './flag-values.ts';
import { type Flag, type FlagName, flags, type Mode } from './flags.ts';
import type { Trickle } from './trickle/trickle-watch.ts';

/**
 * What the command line asks for.
 *
 * @param args without node and script: `['--events', '500']`
 * @param switches what `--source` takes
 * @throws {RelayError} `WrongUse`, one line that names the flag, the value and what would be right
 */
export function readOptions(args: readonly string[], switches: readonly SourceSwitch[]): Command {
  const given = parse(args);
  if (given.help === true) return { kind: 'help' };
  const mode: Mode = given.api !== undefined ? 'api' : given.serve === true ? 'serve' : 'main';
  for (const name of Object.keys(given) as FlagName[]) {
    if (!(flags[name] as Flag).modes.includes(mode)) throw wrongUse(misplaced(name, mode));
  }
  const text = (name: FlagName): string => {
    const value = given[name] ?? (flags[name] as Flag).default;
    return typeof value === 'string' ? value : '';
  };
  if (text('source') === 'help') return { kind: 'source-help' };
  const common: CommonOptions = {
    types: listed('types', text('types'), eventTypes),
    stage: named('stage', text('stage'), /^[A-Za-z][A-Za-z0-9-]{0,31}$/, 'letters, digits and dashes'),
    out: named('out', text('out'), /\S/, 'a folder'),
    json: given.json === true,
  };
  if (mode === 'api') {
    return { kind: 'api', ...common, ...readApi(text, given.stream, given.yes === true) };
  }
  const generating: GeneratingOptions = {
    ...common,
    seed: wholeNumber('seed', text('seed'), { from: 0, to: mostSeed }),
    source: text('source') === '' ? [] : listedSwitches(text('source'), switches),
  };
  if (mode === 'serve') {
    const faults = given.faults !== undefined && oneOf('faults', text('faults'), servedFaultSetNames);
    return { kind: 'serve', ...generating, ...(faults && { faults }) };
  }
  const command: MainCommand = {
    kind: 'main',
    ...generating,
    events: given.trickle !== undefined && given.events === undefined ? 0 : eventsIn(text('events')),
    ...(given.trickle !== undefined && {
      trickle: {
        eventsPerSecond: wholeNumber('trickle', text('trickle'), { from: 1, to: 1_000 }),
        hours: wholeNumber('hours', text('hours'), { from: 1, to: 48 }),
      },
    }),
    ...latencyOf(text('latency'), given),
    ...(given.faults !== undefined && { faults: oneOf('faults', text('faults'), faultSetNames) }),
    ...(given.witness !== undefined && { witness: oneOf('witness', text('witness'), witnessModes) }),
    ...(given['no-witness'] === true && { noWitness: true }),
    ...((given['every-kind'] === true || (given.faults === 'everything' && common.stage !== 'dev')) && {
      everyKind: true,
    }),
    ...(given.runs !== undefined && { runs: wholeNumber('runs', text('runs'), { from: 1, to: 100_000 }) }),
  };
  refuseContradictions(command, given);
  return command;
}

export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'source-help' }
  | MainCommand
  | ServeCommand
  | ApiCommand;
export type MainCommand = GeneratingOptions & {
  readonly kind: 'main';
  /** Of each type, at the beginning. */
  readonly events: number;
  /** Of each type, one by one. */
  readonly trickle?: Trickle;
  /** That an answer of Mosaic takes, on the virtual clock. */
  readonly latencyMs?: number;
  readonly faults?: FaultSetName;
  /** Gives a witness to each stream that has none. */
  readonly witness?: (typeof witnessModes)[number];
  /** Destinations of every kind are added, where the faults are of everything. */
  readonly everyKind?: boolean;
  /** Not even where the faults would bring one along. */
  readonly noWitness?: boolean;
  /** So many runs, with this seed and those after it. */
  readonly runs?: number;
};
export type ServeCommand = GeneratingOptions & {
  readonly kind: 'serve';
  readonly faults?: (typeof servedFaultSetNames)[number];
};
export type ApiCommand = CommonOptions & ApiOptions & { readonly kind: 'api' };

const witnessModes = ['detect', 'recover'] as const;

interface CommonOptions {
  readonly types: readonly EventType[];
  readonly stage: string;
  readonly out: string;
  readonly json: boolean;
}

interface GeneratingOptions extends CommonOptions {
  readonly seed: number;
  /** Names of the simulator's switches. */
  readonly source: readonly string[];
}

interface ApiOptions {
  /** Scheme and host, no path. */
  readonly url: string;
  /** Absent: one is created, and deleted at the end. */
  readonly stream?: string;
  readonly forMs: number;
  readonly yes: boolean;
}

function eventsIn(value: string): number {
  return wholeNumber('events', value, { from: 1, to: 10_000_000 });
}

function latencyOf(value: string, { trickle }: Given): { readonly latencyMs?: number } {
  if (value !== '') return { latencyMs: wholeNumber('latency', value, { from: 0, to: 50_000 }) };
  return trickle === undefined ? {} : { latencyMs: 150 };
}

function refuseContradictions(
  { faults, witness, noWitness, everyKind, seed, runs = 1, trickle }: MainCommand,
  given: Given,
): void {
  if (trickle === undefined && given.hours !== undefined)
    throw wrongUse('--hours means something only with --trickle');
  if (trickle !== undefined && faults !== undefined)
    throw wrongUse('--trickle means nothing with --faults, which raise events at times of their own');
  if (noWitness && witness !== undefined) throw wrongUse('--witness and --no-witness contradict each other');
  if (everyKind && faults !== 'everything')
    throw wrongUse('--every-kind means something only with --faults everything');
  if (noWitness && faults !== 'everything')
    throw wrongUse(
      '--no-witness means something only with --faults everything, which brings witnesses along',
    );
  if (seed + runs - 1 > mostSeed)
    throw wrongUse(`--runs ${runs} from --seed ${seed} would pass the last seed, ${mostSeed}`);
}

const mostSeed = 2 ** 32 - 1;

type Given = { readonly [name in FlagName]?: string | boolean };

function parse(args: readonly string[]): Given {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(flags as Record<string, Flag>).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') throw wrongUse(`"${token.value}" is no flag; --help lists them`);
    if (token.kind === 'option-terminator') continue;
    const flag = Object.hasOwn(flags, token.name) ? (flags as Record<string, Flag>)[token.name] : undefined;
    if (flag === undefined) throw wrongUse(`there is no flag ${token.rawName}; --help lists them`);
    if (Object.hasOwn(given, token.name)) throw wrongUse(`--${token.name} is given twice`);
    if (flag.value === undefined) {
      if (token.value !== undefined) throw wrongUse(`--${token.name} takes no value`);
      given[token.name] = true;
    } else {
      // A value that begins with a dash is a forgotten value, unless it was joined by "=".
      if (token.value === undefined || (!token.inlineValue && /^--?[A-Za-z]/.test(token.value))) {
        throw wrongUse(`--${token.name} needs a value: --${token.name} ${flag.value}`);
      }
      given[token.name] = token.value;
    }
  }
  return given;
}

function misplaced(name: FlagName, mode: Mode): string {
  if (mode === 'main') return `--${name} means something only with --api`;
  return `--${name} means nothing with --${mode}`;
}

function readApi(text: (name: FlagName) => string, stream: string | boolean | undefined, yes: boolean) {
  const id =
    typeof stream === 'string' ? named('stream', stream, /^\S+$/, 'an id without spaces') : undefined;
  return {
    url: apiUrl(text('api')),
    ...(id !== undefined && { stream: id }),
    forMs: duration('for', text('for')),
    yes,
  };
}

/** Client id and secret go there, so plain http is for this machine only. */
function apiUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw wrongUse(`--api "${value}" is no URL, such as https://api.sbx.transmitsecurity.io`);
  }
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !loopback) throw wrongUse(`--api "${value}" must be https`);
  if (url.username !== '' || url.password !== '')
    throw wrongUse('--api takes no user or password in its URL');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw wrongUse(`--api takes scheme and host only: ${url.origin}`);
  }
  return url.origin;
}
