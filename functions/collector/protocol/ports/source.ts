import type { CollectOutcome, CollectRequest } from '../../../mosaic/collect-outcome.ts';

export type { CollectOutcome };

/** One Mosaic stream, as one run sees it: opened at the run's start and closed at its end, so that no socket outlives it. */
export interface Source {
  /**
   * Makes one collect call. The answer leaves Mosaic with the call: nobody can ask for it again.
   * @returns what came of the call; an error of the network or of Mosaic is an outcome and is never thrown
   */
  collect(request: CollectRequest): Promise<CollectOutcome>;
  /**
   * Starts collection of the type and creates the stream. Both may be there already. Never throws for the network.
   * @param signal ends the calls; Mosaic may then have done either of them
   */
  reopen(signal: AbortSignal): Promise<ReopenOutcome>;
  /** Destroys the sockets, also those in use, whose calls then end as reset or not sent. */
  close(): void;
}

export type ReopenOutcome =
  /** `already` says that Mosaic answered 409 to both calls: nothing was missing. */
  | { readonly kind: 'reopened'; readonly already: boolean }
  /** A pull URL, or the setting `autoReopen` is off. Nothing was called. */
  | { readonly kind: 'not-ours'; readonly message: string }
  | { readonly kind: 'failed'; readonly status?: number; readonly message: string };
