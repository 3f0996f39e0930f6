import { draw } from '../../../mosaic/random.ts';
import { destinationRemoved, type SettingsChange } from '../fault-set.ts';

/** What a run of `everything` goes through beside the faults of single calls: a function of the seed alone. */
export interface EverythingPlan {
  /** How long calls, invocations, ticks and Mosaic fail, in ms. */
  readonly lastsMs: number;
  /** How many faults of its own each destination goes through, one after the other. */
  readonly episodes: number;
  /** Idle processes are frozen. */
  readonly freeze: boolean;
  /** S3 takes nothing into the journals of the streams: from the first PUT after `fromMs`, for so long. */
  readonly journalOutage?: {
    readonly fromMs: number;
    readonly lastsMs: number;
    /** So many PUTs get no answer at all, which takes real time; what comes after them is refused. */
    readonly silent: number;
  };
  /** DynamoDB answers with errors, for five minutes. */
  readonly tableOutage?: {
    readonly fromMs: number;
    /** From the first journal PUT after that, so that runs are in the midst of it. */
    readonly inRun: boolean;
  };
  /** One call that gets no answer from then on, and whose caller lives to meet its own timeout, in real time. */
  readonly silentCall?: Silence;
  readonly silentCollect?: Silence;
  readonly changes: readonly SettingsChange[];
  /** The destination that comes and goes takes nothing from then until it is removed, so that batches wait for it. */
  readonly addedRefusesFromMs?: number;
  /** Remembered so long after the beginning, and put back an hour later. */
  readonly restoreFromMs?: number;
  /** A destination of each stream takes nothing. */
  readonly daysDown?: {
    readonly fromMs: number;
    readonly toMs: number;
    /** Which one, 0 <= x < 1. */
    readonly choice: number;
  };
}

export interface Silence {
  readonly fromMs: number;
  /** Whether what was asked for is done all the same. */
  readonly effect: boolean;
}

/** @param events of each type: few events are for many runs, most of which are spared what takes hours */
export function planEverything(seed: number, { events }: { readonly events: number }): EverythingPlan {
  const chance: Chance = (of) => draw(seed, 'plan', of);
  const freeze = chance('freeze') < 1 / 2;
  const long = events > fewEvents || chance('long') < 1 / 8;
  const lastsMs = long ? 2 * hourMs : 55 * minuteMs;
  const down = long && chance('down') < 1 / 4;
  const outages = {
    // What Firehose took in the journal's place and lost after its 24 hours, nobody has.
    ...(!down && chance('journal') < 1 / 4 && { journalOutage: journalOutageOf(chance, { lastsMs, long }) }),
    ...(chance('table') < 1 / 4 && {
      tableOutage: {
        fromMs: Math.round(chance('table from') * (lastsMs - 25 * minuteMs)),
        inRun: chance('table in run') < 1 / 2,
      },
    }),
  };
  if (!long) return { lastsMs, episodes: 0, freeze, changes: [], ...outages };
  const replaced = chance('replaced') < 1 / 3;
  // The table of an hour ago does not know of an id that was replaced since: see docs/deploy.md.
  const restored = !replaced && chance('restored') < 1 / 2;
  const comesAndGoes = chance('destination') < 1 / 3;
  const downFromMs = Math.round(chance('down from') * hourMs);
  return {
    lastsMs,
    episodes: 1,
    freeze,
    changes: changesOf({ comesAndGoes, replaced }),
    ...(comesAndGoes && { addedRefusesFromMs: 30 * minuteMs }),
    ...(restored && { restoreFromMs: Math.round(chance('restored from') * (lastsMs - restoreMs)) }),
    ...outages,
    ...(chance('silent call') < 1 / 4 && { silentCall: silenceOf(chance, 'silent call', lastsMs) }),
    ...(chance('silent collect') < 1 / 4 && { silentCollect: silenceOf(chance, 'silent collect', lastsMs) }),
    ...(down && {
      daysDown: {
        fromMs: downFromMs,
        // More than the 24 hours for which Firehose keeps what S3 refuses.
        toMs: downFromMs + Math.round((26 + chance('down for') * 54) * hourMs),
        choice: chance('down which'),
      },
    }),
  };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const fewEvents = 200;
/** From remembering the table to having restored it. */
const restoreMs = 65 * minuteMs;

type Chance = (of: string) => number;

/** At least as long as a run may last, so that the run that meets it reaches its last resort. */
function journalOutageOf(
  chance: Chance,
  { lastsMs, long }: { readonly lastsMs: number; readonly long: boolean },
): NonNullable<EverythingPlan['journalOutage']> {
  return {
    fromMs: Math.round(chance('journal from') * (lastsMs - 35 * minuteMs)),
    lastsMs: Math.round((5 + chance('journal for') * 15) * minuteMs),
    silent: long && chance('journal silent') < 1 / 2 ? 2 : 0,
  };
}

function silenceOf(chance: Chance, name: string, lastsMs: number): Silence {
  const fromMs = Math.round(chance(`${name} from`) * (lastsMs - 30 * minuteMs));
  return { fromMs, effect: chance(`${name} effect`) < 1 / 2 };
}

/** What is owed to the destination that comes and goes waits in the journal while it is gone. */
function changesOf({ comesAndGoes, replaced }: Changing): readonly SettingsChange[] {
  const id = { afterMs: 35 * minuteMs, name: 'stream id replaced' };
  if (!comesAndGoes) return replaced ? [{ ...id, to: { added: false, replaced } }] : [];
  return [
    { afterMs: 15 * minuteMs, to: { added: true, replaced: false }, name: 'destination added' },
    ...(replaced ? [{ ...id, to: { added: true, replaced } }] : []),
    { afterMs: 50 * minuteMs, to: { added: false, replaced }, name: destinationRemoved },
    { afterMs: 90 * minuteMs, to: { added: true, replaced }, name: 'destination put back' },
  ];
}

interface Changing {
  readonly comesAndGoes: boolean;
  readonly replaced: boolean;
}
