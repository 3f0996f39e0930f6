import { longestHoldMs } from '../../functions/stream-lifecycle/contract.ts';
import type { WriteFailure } from '../../functions/stream-lifecycle/ports.ts';
import { durationText, plural } from '../text.ts';
import { staleMs, type Verdict } from '../waiting/verdict.ts';
import type { KeptStream } from './find-kept.ts';

/** What a kept delivery stream, its copier and its folders tell. */
export interface KeptFacts {
  /** Since when nothing is put to it, milliseconds since the epoch; absent where that is longer than Firehose's metrics tell. */
  readonly idleSince?: number;
  /** Age of the oldest record that Firehose holds, as it last told within an hour. */
  readonly freshnessSeconds?: number;
  readonly queued: number;
  readonly deadLetters: number;
  /** Objects that Firehose wrote for the copier, and of which nobody has told its queue. */
  readonly untold: number;
  /**
   * True if the stage watches it: the table has a note of it, which names the copier's queue. Without one nobody knows
   * of which objects the copier has heard.
   */
  readonly watched: boolean;
  /** Objects that Firehose gave up, in the backup folder. */
  readonly givenUp: number;
  /** The first write to S3 that failed since the removal, and within a day; absent where none did. */
  readonly failing?: WriteFailure;
  /** Keys of objects that the copier has copied, once the queue and its dead letters are empty. */
  readonly transit: readonly string[];
  /** Objects as old as a queue keeps a message: nobody knows whether the copier took theirs, or the queue let go of it. */
  readonly outlived: number;
}

type Firehoses = Pick<KeptStream, 'createdAt' | 'state' | 'gone'>;

/** Says why a kept delivery stream cannot be deleted, a sentence each; nothing where it is empty. */
export function holdsOf(facts: KeptFacts & Firehoses, now: number): readonly string[] {
  const since = Math.max(facts.idleSince ?? 0, facts.createdAt);
  const idleMs = Math.max(0, now - since);
  const left = durationText(longestHoldMs - idleMs);
  const objects = facts.transit.length + facts.outlived;
  const mayHold = !facts.gone && idleMs < longestHoldMs;
  const unheard =
    objects > 0
      ? `nobody knows which of ${plural(objects, 'object')} its copier has heard of`
      : 'nobody tells its copier of what Firehose still writes';
  return [
    ...(mayHold ? [`Firehose may hold what was put ${durationText(idleMs)} ago, for ${left} more`] : []),
    ...(facts.queued > 0 ? [`${plural(facts.queued, 'object')} queued for the copier`] : []),
    ...(facts.deadLetters > 0 ? [plural(facts.deadLetters, 'dead letter')] : []),
    ...(facts.untold > 0 ? [`${plural(facts.untold, 'object')} that the copier has not heard of`] : []),
    ...(facts.watched || (objects === 0 && !mayHold)
      ? []
      : [`${unheard}, for want of a note in the table, which --yes writes again`]),
    ...(facts.gone || facts.state === 'ACTIVE' ? [] : [`Firehose calls it ${facts.state}`]),
  ];
}

type JudgedFacts = Pick<Firehoses, 'state' | 'gone'> &
  Pick<
    KeptFacts,
    'queued' | 'deadLetters' | 'untold' | 'watched' | 'givenUp' | 'failing' | 'freshnessSeconds'
  > & {
    readonly holds: readonly string[];
  };

/** Judges a kept delivery stream by what a present destination would be called for. */
export function verdictOnKept(facts: JudgedFacts): Verdict {
  const { givenUp, deadLetters, queued, untold, freshnessSeconds = 0, holds, gone, state } = facts;
  // Of what a queue holds nobody knows here whether the receiver refuses it.
  if (givenUp + deadLetters + queued > 0 || lacksNote(facts)) return 'waiting for you';
  if (facts.failing !== undefined || (!gone && state !== 'ACTIVE')) return 'waiting for you';
  if (untold > 0 || freshnessSeconds * 1_000 > staleMs) return 'behind';
  return holds.length > 0 ? 'ok' : 'quiet';
}

/** The flag of `relay forget` by which a kept delivery stream goes further; absent where it needs time alone. */
export function forgetFlag(facts: Pick<JudgedFacts, 'watched' | 'holds'>): string {
  return facts.holds.length === 0 || lacksNote(facts) ? ' --yes' : '';
}

function lacksNote({ watched, holds }: Pick<JudgedFacts, 'watched' | 'holds'>): boolean {
  return !watched && holds.length > 0;
}
