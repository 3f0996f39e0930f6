import type { EventType } from './event-types.ts';
import type { Operation } from './routes.ts';

/** One request as it came in. */
export interface CallInfo {
  /** 1.. in the order of arrival. */
  readonly number: number;
  /** By the clock of the run. */
  readonly at: number;
  /** Undefined for what the contract does not know. */
  readonly operation: Operation | undefined;
  readonly method: string;
  readonly path: string;
  readonly type: EventType | undefined;
  readonly streamId: string | undefined;
}

/** A request with its outcome. */
export interface CallRecord extends CallInfo {
  /** `reset` and `silence` in place of an answer; undefined until there is one. */
  outcome: number | 'reset' | 'silence' | undefined;
  /** Number of events in the answer. */
  events: number;
}
