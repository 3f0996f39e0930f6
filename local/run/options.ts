import type { PlayedAttack } from '@mosaic-relay/mosaic-simulator';
import type { Values } from '../../cli/arguments/flag.ts';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import type { EventType } from '../../functions/collector/contract.ts';
import { playedAttacks } from '../story-switches.ts';
import type { FaultSetName, servedFaultSetNames } from './fault-set.ts';
import { mostSeed, type startProgram, type witnessModes } from './flags.ts';
import type { TrickleOptions } from './trickle/trickle-watch.ts';

/** The beginning of every run, a Monday, so that two runs of one seed agree to the timestamp. */
export const runStartsAt = Date.UTC(2026, 2, 2, 8);

type Given = Values<(typeof startProgram)['flags']>;

/**
 * Reads the command out of the given flags.
 *
 * @param stage the one to run, given or not
 * @throws {WrongUse} where the last of several runs has no seed, or an attack would begin after the story
 */
export function commandOf(given: Given, stage: string): RunCommand {
  const { source } = given;
  if (source === 'help') return { kind: 'source-help' };
  const { types, settings, out, json } = given;
  const common: CommonOptions = { types, stage, ...(settings !== undefined && { settings }), out, json };
  if (given.api !== undefined) {
    const { stream } = given;
    const own = stream === undefined ? {} : { stream };
    return {
      kind: 'api',
      ...common,
      url: given.api,
      ...own,
      forMs: given.for,
      yes: given.yes,
      owned: given.owned,
    };
  }
  const generating: GeneratingOptions = { ...common, seed: given.seed, source, ...storyOf(given) };
  if (given.serve) {
    const faults = given.faults as ServeCommand['faults'];
    const { port } = given;
    return { kind: 'serve', ...generating, ...(faults && { faults }), ...(port !== undefined && { port }) };
  }
  return mainCommand(given, generating);
}

/** The story, if one is told: for so many hours, or with `--serve` for as long as the run lasts. */
function storyOf({ story, attack, serve, hours = 24 }: Given): Pick<GeneratingOptions, 'story'> {
  if (!story) return {};
  const until = runStartsAt + (serve ? 24 : hours) * 3_600_000;
  const attacks = playedAttacks(attack, { from: runStartsAt, until });
  return { story: { until: serve ? Number.POSITIVE_INFINITY : until, attacks } };
}

function mainCommand(given: Given, generating: GeneratingOptions): MainCommand {
  const { seed, runs = 1, faults, witness, trickle, latency } = given;
  if (seed + runs - 1 > mostSeed) {
    throw new WrongUse(`--runs ${runs} from --seed ${seed} would pass the last seed, ${mostSeed}`);
  }
  const latencyMs = latency ?? (trickle === undefined ? undefined : 150);
  const everyKind = given['every-kind'] || (faults === 'everything' && generating.stage !== 'dev');
  return {
    kind: 'main',
    ...generating,
    events: given.events ?? (trickle === undefined && !given.story ? 5_000 : 0),
    ...(trickle !== undefined && { trickle: { eventsPerSecond: trickle, hours: given.hours ?? 1 } }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(faults !== undefined && { faults }),
    ...(witness !== undefined && { witness }),
    ...(given['no-witness'] && { noWitness: true }),
    ...(everyKind && { everyKind: true }),
    ...(given.views && { views: true }),
    ...(given.runs !== undefined && { runs: given.runs }),
  };
}

export type RunCommand = { readonly kind: 'source-help' } | MainCommand | ServeCommand | ApiCommand;
export type MainCommand = GeneratingOptions & {
  readonly kind: 'main';
  /** Events of each type at the beginning. */
  readonly events: number;
  /** Events of each type that are raised one by one. */
  readonly trickle?: TrickleOptions;
  /** Milliseconds that an answer of Mosaic takes, on the virtual clock. */
  readonly latencyMs?: number;
  readonly faults?: FaultSetName;
  /** Gives a witness to each stream that has none. */
  readonly witness?: (typeof witnessModes)[number];
  /** True where destinations of every kind are added, which needs the faults of `everything`. */
  readonly everyKind?: boolean;
  /** True where destinations with views are added, which needs the faults of `everything`. */
  readonly views?: boolean;
  /** True where no stream gets a witness, also where the faults would give it one. */
  readonly noWitness?: boolean;
  /** Number of runs, with this seed and those after it. */
  readonly runs?: number;
};
export type ServeCommand = GeneratingOptions & {
  readonly kind: 'serve';
  readonly faults?: (typeof servedFaultSetNames)[number];
  /** Of the page. A free one when absent. */
  readonly port?: number;
};
export type ApiCommand = CommonOptions & ApiOptions & { readonly kind: 'api' };

interface CommonOptions {
  readonly types: readonly EventType[];
  readonly stage: string;
  /** The file of settings. Absent for the one that the nearest `cdk.json` leads to. */
  readonly settings?: string;
  readonly out: string;
  readonly json: boolean;
}

interface GeneratingOptions extends CommonOptions {
  readonly seed: number;
  /** Names of the simulator's switches. */
  readonly source: readonly string[];
  /** The story whose events are raised. Absent: events that are made up. */
  readonly story?: ToldStory;
}

/** A story that is told from the beginning of the run. Times are in milliseconds since the epoch. */
export interface ToldStory {
  readonly until: number;
  readonly attacks: readonly PlayedAttack[];
}

interface ApiOptions {
  /** Scheme and host, no path. */
  readonly url: string;
  /** The stream to read; where absent, one is created and deleted at the end. */
  readonly stream?: string;
  readonly forMs: number;
  /** True where nobody is to be asked. */
  readonly yes: boolean;
  /** True where the stream may be one of the settings' own. */
  readonly owned: boolean;
}
