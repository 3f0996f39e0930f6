import { isSome } from './amount.ts';
import type { DeliveryFacts } from './delivery-facts.ts';
import type { Reckoning } from './reckon.ts';
import type { RedAlarm } from './red-alarms.ts';

/**
 * The verdict on a destination or a stream, the worst first. Of several that are well, one that delivers counts.
 *
 * | | |
 * | --- | --- |
 * | `failing` | attempts fail now |
 * | `waiting for you` | something goes no further before somebody acts, or an alarm is red |
 * | `behind` | something waits for longer than it should, and goes on by itself |
 * | `unknown` | what would tell cannot be read, as with credentials that may not |
 * | `ok` | all others |
 * | `quiet` | nothing waits, and nothing was delivered for an hour |
 */
export const verdicts = ['failing', 'waiting for you', 'behind', 'unknown', 'ok', 'quiet'] as const;
export type Verdict = (typeof verdicts)[number];

/** True of the verdicts on which somebody has to look. */
export function isTrouble(verdict: Verdict): boolean {
  return verdict !== 'ok' && verdict !== 'quiet';
}

/** @returns `quiet` where there is none */
export function worstOf(all: readonly Verdict[]): Verdict {
  return verdicts.find((verdict) => all.includes(verdict)) ?? 'quiet';
}

/** Above Firehose's longest buffer of 900 s and one retry: an event that waits longer is behind. */
export const staleMs = 1_800_000;
const hourMs = 3_600_000;

/** Judges a destination. @param alarms those of the destination that are red; undefined where they cannot be read */
export function verdictOnDestination(
  { places, oldestAt = Number.POSITIVE_INFINITY, isLeftToSweeps }: Reckoning,
  facts: DeliveryFacts,
  { alarms, now }: { readonly alarms: readonly RedAlarm[] | undefined; readonly now: number },
): Verdict {
  const { deliverySuccess = 1, freshnessMs = 0, copiesRefused, metricsRead, toldAt } = facts;
  if (deliverySuccess < 1 || copiesRefused > 0) return 'failing';
  if ([places.backup, places.deadLetters, places.quarantine].some(isSome)) return 'waiting for you';
  if (isLeftToSweeps || now - oldestAt > staleMs || freshnessMs > staleMs) return 'behind';
  if ((alarms ?? []).length > 0) return 'waiting for you';
  if (!metricsRead || alarms === undefined) return 'unknown';
  const isDelivering = toldAt !== undefined && now - toldAt <= hourMs;
  return isDelivering || Object.values(places).some(isSome) ? 'ok' : 'quiet';
}
