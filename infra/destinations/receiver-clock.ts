import type { CollectorDestination } from '../../functions/collector/contract.ts';
import { oneOf } from '../config/fields.ts';

/** How old and how new an event a kind's receiver takes, as its vendor documents it. */
export type ReceiverClock = KnownClock | UnknownClock;

/** A limit that a vendor documents, in seconds. */
export interface KnownClock extends Pick<Ages, 'past' | 'future' | 'otherwise'> {
  /** The document. */
  readonly source: string;
  /** When the document was read. */
  readonly read: string;
}

interface UnknownClock {
  readonly otherwise: 'none-known';
  readonly read: string;
}

type Ages = NonNullable<CollectorDestination['ages']>;

/** No limit is known of such a receiver, so no timestamp is read for it. */
export const noKnownLimit: UnknownClock = { otherwise: 'none-known', read: '2026-11-30' };

/** The settings of a kind whose receiver has a limit. */
export interface LateSettings {
  /** An event that is too old or too new for the receiver is sent (`send`), or stays in the journal alone (`hold`). Default: `hold` where one such event has a whole request refused, else `send`. */
  readonly late?: 'send' | 'hold';
}

export const lateFields = { late: oneOf(['send', 'hold']).optional() };

/** The collector's settings for a receiver's clock. */
export function agesOf(
  { past, future, otherwise }: KnownClock,
  settings: LateSettings & { readonly bufferSeconds: number; readonly retrySeconds?: number },
): Ages {
  const { late = otherwise === 'refuses-request' ? 'hold' : 'send' } = settings;
  return {
    past,
    ...(future === undefined ? {} : { future }),
    otherwise,
    underWay: settings.bufferSeconds + (settings.retrySeconds ?? 0),
    hold: late === 'hold',
  };
}

export const hourSeconds = 3_600;
export const daySeconds = 24 * hourSeconds;
