import type { Amount } from '../../functions/stored/waiting-events.ts';
import { plural } from '../text.ts';

export const none: Amount = { events: 0, known: 'exactly' };

export function exactly(events: number): Amount {
  return { events, known: 'exactly' };
}

/** A sum is known no better than the worst of its parts. */
export function sumOf(amounts: readonly Amount[]): Amount {
  const known = (['atLeast', 'about'] as const).find((how) => amounts.some((one) => one.known === how));
  return { events: amounts.reduce((sum, { events }) => sum + events, 0), known: known ?? 'exactly' };
}

/** True unless it is known that there is none. */
export function isSome({ events, known }: Amount): boolean {
  return events > 0 || known === 'atLeast';
}

/** `8,340 events`, `at least 1 event`, `about 12,000 events` */
export function amountText({ events, known }: Amount): string {
  const words = { exactly: '', atLeast: 'at least ', about: 'about ' } as const;
  return `${words[known]}${plural(events, 'event')}`;
}
