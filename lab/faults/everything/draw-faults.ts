import { draw } from '@mosaic-relay/mosaic-simulator';
import type { SettingsChange } from '../../../local/run/fault-set.ts';
import { type MoreDestinations, noMore, turns } from '../../../local/run/settings/more-destinations.ts';
import { changesOf } from './draw-changes.ts';
import { type Chance, hourMs, minuteMs, type Window, wholeNumber, windowOf } from './windows.ts';

/** The faults of a run of `everything` beside those of single calls: a function of the seed alone. */
export interface EverythingPlan {
  /** Milliseconds during which calls, invocations, ticks and Mosaic fail. */
  readonly lastsMs: number;
  /** Number of each destination's own faults, one after the other. */
  readonly episodes: number;
  /** True where idle processes are frozen. */
  readonly freeze: boolean;
  /** True where all events are raised at the beginning. */
  readonly backlog: boolean;
  readonly more: MoreDestinations;
  /** True where each stream has two destinations more, with a view each. */
  readonly views: boolean;
  /** The keys of views may not be read for a time, and are malformed for another. */
  readonly viewKeys?: { readonly denied: Window; readonly malformed: Window };
  /** S3 refuses the journals of the streams from the first PUT after `fromMs`, for a time. */
  readonly journalOutage?: {
    readonly fromMs: number;
    readonly lastsMs: number;
    /** Number of PUTs that get no answer at all; those after them are refused. */
    readonly silent: number;
  };
  /** The bucket's policy no longer lets collectors write below `journal/`. */
  readonly journalDenied?: Window;
  /** DynamoDB answers with errors, for five minutes. */
  readonly tableOutage?: {
    readonly fromMs: number;
    /** True where the outage begins with the first journal PUT after that time, in the midst of a run. */
    readonly inRun: boolean;
  };
  /** One call after that time that gets no answer, and whose caller lives to meet its own timeout. */
  readonly silentCall?: Silence;
  readonly silentCollect?: Silence;
  /** Answers of more events than this never come. */
  readonly slowBySize?: Window & { readonly events: number };
  /** Mosaic gives the same answer again and again. */
  readonly repeats?: Window;
  /** The functions' timeout differs from the settings. */
  readonly timeout?: Window & { readonly seconds: number };
  /** Firehose accepts less than the settings' quota. */
  readonly lessQuota?: Window & { readonly mebibytesPerSecond: number };
  readonly changes: readonly SettingsChange[];
  /** Milliseconds for which a stream whose id was replaced says that it is empty. */
  readonly emptyWhenReplacedMs?: number;
  /** The time from which the added destination takes nothing until it is removed, so that batches wait for it. */
  readonly addedRefusesFromMs?: number;
  readonly restore?: TableRestore;
  /** One destination of each stream takes nothing. */
  readonly daysDown?: {
    readonly fromMs: number;
    readonly toMs: number;
    /** Chooses the destination, 0 <= x < 1. */
    readonly choice: number;
  };
}

export interface Silence {
  readonly fromMs: number;
  /** True where the silent call is carried out all the same. */
  readonly effect: boolean;
}

/** The table is put back to an earlier state. */
export interface TableRestore {
  /** The time whose state is put back. */
  readonly rememberMs: number;
  /** The table is put back with one of the collectors' calls after that time, in the midst of runs. */
  readonly restoreMs: number;
  /** The number of that call, from 0. */
  readonly call: number;
}

export interface PlanOptions {
  /** Events of each type. Few events are for many runs, most of which leave out the faults that take hours. */
  readonly events: number;
  /** True where each stream gets three destinations more, so that four streams have every kind. */
  readonly everyKind?: boolean;
  /** True where each stream gets two destinations more, with a view each. */
  readonly views?: boolean;
}

export function drawFaults(
  seed: number,
  { events, everyKind = false, views = false }: PlanOptions,
): EverythingPlan {
  const chance: Chance = (of) => draw(seed, 'plan', of);
  const long = events > fewEvents || chance('long') < 1 / 8;
  const lastsMs = long ? 2 * hourMs : 55 * minuteMs;
  const down = long && chance('down') < 1 / 4;
  const more = everyKind
    ? { count: 3, turn: wholeNumber(chance, 'more turn', [0, turns - 1]) }
    : moreOf(chance);
  const replaced = long && chance('replaced') < 1 / 3;
  const comesAndGoes = long && chance('destination') < 1 / 3;
  // The table of an hour ago knows neither an id that was replaced since, nor an added destination.
  const restored = !replaced && !comesAndGoes && chance('restored') < (long ? 1 / 2 : 1 / 4);
  // Firehose loses after 24 hours what it took in the journal's place, and no copy is left.
  const removedWhile = chance('removed while') < 1 / 2 ? 'owed' : 'held';
  const journalFails = !down && chance('journal') < 1 / 3;
  const denied = chance('journal denied') < 1 / 2;
  const within = (of: string, minutes: readonly [number, number]) =>
    windowOf(chance, of, { lastsMs, minutes });
  const lessQuota = long && chance('quota') < 1 / 4;
  return {
    lastsMs,
    episodes: long ? 1 : 0,
    freeze: chance('freeze') < 1 / 2,
    backlog: lessQuota || chance('backlog') < 1 / 4,
    more,
    views,
    ...(views && {
      viewKeys: {
        denied: within('view keys denied', [10, 25]),
        malformed: within('view keys malformed', [10, 25]),
      },
    }),
    changes: changesOf({
      comesAndGoes,
      replaced,
      more,
      views,
      removedWhile,
      putBackMs: wholeNumber(chance, 'put back', [51, 90]) * minuteMs,
    }),
    ...(journalFails && !denied && { journalOutage: journalOutageOf(chance, { lastsMs, long }) }),
    ...(journalFails && denied && { journalDenied: within('journal denied', [10, 40]) }),
    ...(chance('table') < 1 / 4 && {
      tableOutage: {
        fromMs: Math.round(chance('table from') * (lastsMs - 25 * minuteMs)),
        inRun: chance('table in run') < 1 / 2,
      },
    }),
    ...(chance('slow by size') < 1 / 4 && {
      slowBySize: {
        ...within('slow by size', [15, 50]),
        events: wholeNumber(chance, 'slow events', [5, 200]),
      },
    }),
    ...(chance('repeats') < 1 / 6 && { repeats: within('repeats', [10, 30]) }),
    ...(chance('timeout') < 1 / 4 && {
      timeout: { ...within('timeout', [15, 50]), seconds: timeoutOf(chance) },
    }),
    ...(lessQuota && { lessQuota: lessQuotaOf(chance, { events, lastsMs }) }),
    ...(replaced &&
      chance('empty when replaced') < 1 / 2 && {
        emptyWhenReplacedMs: Math.round((1 + chance('empty for') * 5) * hourMs),
      }),
    ...(comesAndGoes && removedWhile === 'owed' && { addedRefusesFromMs: 38 * minuteMs }),
    ...(restored && { restore: restoreOf(chance, lastsMs) }),
    ...(long && chance('silent call') < 1 / 4 && { silentCall: silenceOf(chance, 'silent call', lastsMs) }),
    ...(long &&
      chance('silent collect') < 1 / 4 && { silentCollect: silenceOf(chance, 'silent collect', lastsMs) }),
    ...(down && { daysDown: daysDownOf(chance) }),
  };
}

const fewEvents = 200;

function moreOf(chance: Chance): MoreDestinations {
  if (chance('more') < 1 / 2) return noMore;
  return {
    count: wholeNumber(chance, 'more count', [1, 2]),
    turn: wholeNumber(chance, 'more turn', [0, turns - 1]),
  };
}

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

/** Half of the settings' default or less, or up to Lambda's maximum. */
function timeoutOf(chance: Chance): number {
  return chance('timeout shorter') < 1 / 2
    ? wholeNumber(chance, 'timeout seconds', [105, 200])
    : wholeNumber(chance, 'timeout seconds', [400, 900]);
}

/** A quota at which all events, of about 1.5 KB a line, take the whole window. */
function lessQuotaOf(
  chance: Chance,
  { events, lastsMs }: { readonly events: number; readonly lastsMs: number },
): NonNullable<EverythingPlan['lessQuota']> {
  const window = windowOf(chance, 'quota', { lastsMs, minutes: [20, 50] });
  const seconds = (window.toMs - window.fromMs) / 1_000;
  const needed = (events * 1_500) / seconds / 1_048_576;
  return { ...window, mebibytesPerSecond: Math.min(1, Math.max(0.002, needed)) };
}

function restoreOf(chance: Chance, lastsMs: number): TableRestore {
  const rememberMs = Math.round(chance('restored from') * (lastsMs - 20 * minuteMs));
  const latestMs = Math.min(lastsMs - 5 * minuteMs, rememberMs + hourMs);
  return {
    rememberMs,
    restoreMs: Math.round(rememberMs + minuteMs + chance('restored to') * (latestMs - rememberMs - minuteMs)),
    call: wholeNumber(chance, 'restored at', [0, 24]),
  };
}

function silenceOf(chance: Chance, name: string, lastsMs: number): Silence {
  const fromMs = Math.round(chance(`${name} from`) * (lastsMs - 30 * minuteMs));
  return { fromMs, effect: chance(`${name} effect`) < 1 / 2 };
}

function daysDownOf(chance: Chance): NonNullable<EverythingPlan['daysDown']> {
  const fromMs = Math.round(chance('down from') * hourMs);
  return {
    fromMs,
    // More than the 24 hours for which Firehose keeps what S3 refuses.
    toMs: fromMs + Math.round((26 + chance('down for') * 54) * hourMs),
    choice: chance('down which'),
  };
}
