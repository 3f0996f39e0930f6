import { draw } from '../../../mosaic/random.ts';
import type { SettingsChange } from '../fault-set.ts';

/** What a run of `everything` goes through beside the faults of single calls: a function of the seed alone. */
export interface EverythingPlan {
  /** How long calls, invocations, ticks and Mosaic fail, in ms. */
  readonly lastsMs: number;
  /** How many faults of its own each destination goes through, one after the other. */
  readonly episodes: number;
  /** Idle processes are frozen. */
  readonly freeze: boolean;
  readonly changes: readonly SettingsChange[];
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

/** @param events of each type: few events are for many runs, most of which are spared what takes hours */
export function planEverything(seed: number, { events }: { readonly events: number }): EverythingPlan {
  const chance = (of: string): number => draw(seed, 'plan', of);
  const freeze = chance('freeze') < 1 / 2;
  const long = events > fewEvents || chance('long') < 1 / 8;
  if (!long) return { lastsMs: 55 * minuteMs, episodes: 0, freeze, changes: [] };
  const lastsMs = 2 * hourMs;
  const replaced = chance('replaced') < 1 / 3;
  // The table of an hour ago does not know of an id that was replaced since: see docs/deploy.md.
  const restored = !replaced && chance('restored') < 1 / 2;
  const downFromMs = Math.round(chance('down from') * hourMs);
  return {
    lastsMs,
    episodes: 1,
    freeze,
    changes: changesOf({ comesAndGoes: chance('destination') < 1 / 3, replaced }),
    ...(restored && { restoreFromMs: Math.round(chance('restored from') * (lastsMs - restoreMs)) }),
    ...(chance('down') < 1 / 4 && {
      daysDown: {
        fromMs: downFromMs,
        // More than the 24 hours for which Firehose keeps what S3 refuses.
        toMs: downFromMs + Math.round((26 + chance('down for') * 12) * hourMs),
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

/** What is owed to the destination that comes and goes waits in the journal while it is gone. */
function changesOf({ comesAndGoes, replaced }: Changing): readonly SettingsChange[] {
  const id = { afterMs: 35 * minuteMs, name: 'stream id replaced' };
  if (!comesAndGoes) return replaced ? [{ ...id, to: { added: false, replaced } }] : [];
  return [
    { afterMs: 15 * minuteMs, to: { added: true, replaced: false }, name: 'destination added' },
    ...(replaced ? [{ ...id, to: { added: true, replaced } }] : []),
    { afterMs: 50 * minuteMs, to: { added: false, replaced }, name: 'destination removed' },
    { afterMs: 90 * minuteMs, to: { added: true, replaced }, name: 'destination put back' },
  ];
}

interface Changing {
  readonly comesAndGoes: boolean;
  readonly replaced: boolean;
}
