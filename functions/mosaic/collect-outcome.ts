import type { Answer } from '../answer.ts';

export interface CollectRequest {
  /** 1..1000; a batch size that a pull URL carries is lowered to it. */
  readonly batchSize: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type CollectOutcome =
  /** A 2xx answer, whole. No bytes at all count as `[]`. */
  | {
      readonly kind: 'answer';
      readonly answer: Answer;
      /** Lets the memory of the answer be used again, once nothing reads it any more; to be called once at most. */
      readonly release?: () => void;
    }
  /** Mosaic consumed nothing, so asking again loses nothing. */
  | {
      readonly kind: 'nothing-consumed';
      readonly reason: NothingConsumed;
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly message: string;
    }
  /** Mosaic may have consumed a batch. `partial` is what arrived of a body that was cut off. */
  | {
      readonly kind: 'unknown';
      readonly reason: UnknownReason;
      readonly status?: number;
      readonly partial?: Answer;
      readonly message: string;
    }
  /** 410: this version of the API is gone. */
  | { readonly kind: 'retired'; readonly message: string };

export type NothingConsumed =
  /** DNS, connect, TLS, or no token to send. */
  | 'not-sent'
  /** 429. */
  | 'throttled'
  /** 401 twice, the second time with the secret read again and a fresh token; or the token endpoint refused it. */
  | 'credential-refused'
  /** 403: collection of the type was never started, or was stopped. */
  | 'not-started'
  /** 404: there is no such stream. */
  | 'stream-missing'
  /** 400, 406 and any other 4xx. */
  | 'request-refused';

export type UnknownReason =
  | 'timeout'
  | 'reset'
  | 'cut-off'
  | 'server-error'
  | 'unexpected-status'
  | 'above-wire-cap';
