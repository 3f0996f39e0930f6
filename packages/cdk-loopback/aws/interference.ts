import type { AwsAnswer } from './aws-answer.ts';
import type { AwsCall } from './aws-call.ts';
import { type AwsError, errorAnswer } from './aws-error.ts';

/**
 * A mishap of one call. Without any field the call goes well; together the fields make a call slow,
 * late (done after the caller has gone), failed before or after its effect, reset, or never answered.
 */
export interface Interference {
  /** Waited for before the effect, which happens all the same if the caller has gone by then. */
  readonly before?: () => Promise<unknown>;
  /** The effect does not happen; without an `outcome` the connection is reset. */
  readonly skipEffect?: boolean;
  /** Waited for between the effect and the answer. */
  readonly after?: () => Promise<unknown>;
  /**
   * Instead of the stand-in's own answer. `silence` keeps the connection open until the caller or `close` ends it;
   * `accepted` is what S3 answers to a PUT that it has stored.
   */
  readonly outcome?: 'reset' | 'silence' | 'accepted' | AwsError;
}

export type InterferedAnswer = AwsAnswer | { readonly silent: true };

/** Makes the call as the interference says. */
export async function interfered(
  call: AwsCall,
  interference: Interference,
  means: {
    readonly makeCall: () => Promise<AwsAnswer>;
    readonly keepWaiting: (work: () => Promise<unknown>) => Promise<unknown>;
  },
): Promise<InterferedAnswer> {
  const { before, after } = interference;
  if (before) await means.keepWaiting(before);
  const answer: AwsAnswer = interference.skipEffect ? { dropped: true } : await means.makeCall();
  if (after) await means.keepWaiting(after);
  const { outcome } = interference;
  if (outcome === undefined) return answer;
  discard(answer);
  if (outcome === 'reset') return { dropped: true };
  if (outcome === 'accepted') return { status: 200, headers: {}, body: '' };
  return outcome === 'silence' ? { silent: true } : errorAnswer(call.service, outcome);
}

/** Discards an answer: one that is left unread would keep its backend's socket. */
function discard(answer: AwsAnswer): void {
  if ('dropped' in answer || typeof answer.body === 'string' || answer.body instanceof Uint8Array) return;
  answer.body.destroy();
}
