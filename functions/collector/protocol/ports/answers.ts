import type { Answer } from '../../../answer.ts';
import type { JournaledBatch } from '../../../stored/journaled-batch.ts';
import type { QuarantineReason } from '../../../stored/quarantine-entry.ts';
import type { UnknownName } from '../../../stored/unknown-names.ts';

/** Reads what Mosaic answered. Every method is a function of its arguments alone. */
export interface Answers {
  /** True where Mosaic had nothing to tell: `[]` or, counted alike, no bytes at all. */
  isEmptyAnswer(answer: Answer): boolean;
  /** The answer as it is journaled: what came uncompressed is compressed, the rest stays as received. */
  compressAnswer(answer: Answer): Answer;
  /**
   * @param capBytes what an answer may decompress to; a larger one is damaged
   * @param memberDepth how deep in events members are noted, for the views that will see them; 0 for none
   */
  openBatch(batch: JournaledBatch, capBytes: number, memberDepth?: number): CutBatch | DamagedBatch;
  /** @returns the decompressed size in bytes of an answer that needs room in memory; 0 of one that needs none */
  largeSize(answer: Answer): number;
  /** The newest of the events' own timestamps, in ms since the epoch; undefined where none can be read. */
  newestEventAt(cut: Cut): number | undefined;
  /** Reads every event's timestamp; for answers of few events. */
  eventTimes(cut: Cut): EventTimes;
  /** Adds what a sample of the events has that the table of documented names does not. @param type of the stream's events */
  lookForUnknown(cut: Cut, type: string, counts: UnknownCounts): void;
}

/** {@link UnknownNames} while a run counts. */
export interface UnknownCounts {
  /** Events that came, looked at or not. */
  events: number;
  sampled: number;
  activities: number;
  members: number;
  /** By kind and name, in a map, so that no name is a property's. Never more than `mostUnknownNames`, whatever comes. */
  readonly names: Map<string, UnknownName & { count: number }>;
}

/** A journaled batch, decompressed and cut once for all destinations. */
export interface CutBatch {
  readonly batch: JournaledBatch;
  readonly cut: Cut;
}

/** A batch that no destination can take. */
export interface DamagedBatch {
  readonly batch: JournaledBatch;
  readonly damaged: QuarantineReason;
}

/** An answer cut into its events, all positions being byte offsets into `source`. */
export interface Cut {
  /** The answer as received. Ids are made from these bytes. */
  readonly source: Uint8Array;
  /**
   * The same with each line break replaced by a space, for writing lines: `source` itself where there is none.
   * A line break can only stand between tokens, since JSON forbids it inside strings.
   */
  readonly singleLine: Uint8Array;
  readonly count: number;
  /** Event `i` is the bytes from `starts[i]` to before `ends[i]`. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Of each event, a sum of the flags in `answers/cut-events.ts`. */
  readonly flags: Uint8Array;
  readonly timestamps: MemberPositions;
  readonly activities: MemberPositions;
  /** Where members lie; absent where the cutter was not asked for it. */
  readonly members?: MemberRows;
}

/**
 * Where the members of events lie, and the elements of arrays, which are members without a key. Members stand in the
 * order of the text, what is below a member behind it.
 */
export interface MemberRows {
  /** Steps below an event down to which members are noted. */
  readonly depth: number;
  /**
   * Five numbers a member: key's start and end within its quotes (0 as the start for an element, 0 as the end of a key
   * with an escape), value's start and end, and the index in `rows` of what comes behind the member and everything below it.
   */
  readonly rows: Uint32Array;
  /** The index in `rows` at which the members of event `i` begin; those of event `i + 1` begin where they end. */
  readonly firsts: Uint32Array;
  /** The first so many events are noted; of the others there were too many members. */
  readonly events: number;
}

/** Where a top-level member's value lies in each event; 0 to 0 where there is none. Of duplicates, the last. */
export interface MemberPositions {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** When the events of an answer were raised, by their own timestamps, in ms since the epoch. */
export interface EventTimes {
  /** Of those that can be read; undefined where none can. */
  readonly oldest: number | undefined;
  /** At least half of them are as old as this, or older; at least half as young, or younger. */
  readonly median: number | undefined;
  readonly newest: number | undefined;
  /** Events whose timestamp is missing or tells no time. */
  readonly unreadable: number;
}
