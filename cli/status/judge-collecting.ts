import type { Amount } from '../../functions/stored/waiting-events.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { keptUntil } from '../schedules/kept-until.ts';
import { ageText, dateText, plural } from '../text.ts';
import { amountText } from '../waiting/amount.ts';
import { isTrouble, type Verdict, worstOf } from '../waiting/verdict.ts';
import type { StreamStatus } from './stream-status.ts';

/** The facts about a stream that are no destination's. */
export interface CollectingFacts extends Pick<StreamStatus, 'schedule' | 'lastRun' | 'lagMs' | 'alarms'> {
  readonly quarantinedOfNobody: number;
  readonly owedToRemoved: ReadonlyMap<string, Amount>;
}

/** An hour, as the alarm `Behind` has it at least. */
const lateMs = 3_600_000;

/** Judges how a stream is collected, and what of it no destination of the settings is owed. */
export function judgeCollecting(
  { label, settings }: Pick<DeployedStream, 'label' | 'settings'>,
  facts: CollectingFacts,
  { now, address }: { readonly now: number; readonly address: string },
): StreamStatus['collecting'] {
  const { schedule, lastRun, lagMs = 0, alarms } = facts;
  const flags = `--stream ${label} ${address}`;
  const found: { readonly verdict: Verdict; readonly reason: string; readonly next: string }[] = [];
  if (lastRun?.outcome === 'failed')
    found.push({
      verdict: 'failing',
      reason: `the last run failed${lastRun.code === undefined ? '' : ` with ${lastRun.code}`}`,
      next: `npx relay doctor ${flags}`,
    });
  if (!schedule.on)
    found.push({
      verdict: 'waiting for you',
      reason: `it is paused: what is not collected by ${dateText(keptUntil(lastRun, now))} may be gone from Mosaic`,
      next: `npx relay resume ${flags}`,
    });
  for (const [name, amount] of facts.owedToRemoved)
    found.push({
      verdict: 'waiting for you',
      reason: `${name} was removed, and is owed ${amountText(amount)}`,
      next: `npx relay runs ${flags}`,
    });
  if (facts.quarantinedOfNobody > 0)
    found.push({
      verdict: 'waiting for you',
      reason: `${plural(facts.quarantinedOfNobody, 'entry', 'entries')} in quarantine that no destination is owed`,
      next: `npx relay replay --source quarantine --dry-run ${flags}`,
    });
  const silentMs = lastRun === undefined ? 0 : now - lastRun.endedAt;
  if (schedule.on && silentMs > (2 * settings.interval + settings.timeout) * 1_000)
    found.push({
      verdict: 'behind',
      reason: `no run has ended for ${ageText(silentMs)}`,
      next: `npx relay run-now ${flags}`,
    });
  if (lagMs > lateMs)
    found.push({
      verdict: 'behind',
      reason: `Mosaic holds a backlog: the newest collected event is ${ageText(lagMs)} old`,
      next: `npx relay runs ${flags}`,
    });
  const verdict = worstOf(found.map((one) => one.verdict));
  const reasons = found.map(({ reason }) => reason);
  if (isTrouble(verdict))
    return { verdict, reasons, next: found.find((one) => one.verdict === verdict)!.next };
  if ((alarms ?? []).length > 0)
    return { verdict: 'waiting for you', reasons: [], next: `npx relay doctor ${flags}` };
  if (alarms === undefined) return { verdict: 'unknown', reasons: ['alarms cannot be read'] };
  return { verdict: lastRun === undefined ? 'quiet' : 'ok', reasons };
}
