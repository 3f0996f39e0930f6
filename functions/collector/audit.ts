import { forgottenRuns } from './forgotten-runs.ts';
import type { Meta, OpenRun, RunId } from './ports.ts';
import type { SweepPorts, SweepSettings } from './sweep.ts';
import { dayMs } from './utc-day.ts';

/**
 * Once a day, reopens the runs that the table has forgotten: of the journal's last days, and since the day before the
 * last audit that the table knows of, which is long ago in one that was put back.
 */
export async function audit(
  { state, journal, clock }: SweepPorts,
  settings: SweepSettings,
  meta: Meta | undefined,
): Promise<{ readonly reopened: number }> {
  const now = clock.now();
  if (now - (meta?.auditedAt ?? 0) < dayMs) return { reopened: 0 };
  const forgotten = await forgottenRuns(
    { state, journal },
    { from: Math.min(now - (daysToAudit - 1) * dayMs, (meta?.auditedAt ?? now) - dayMs), to: now },
  );
  for (const id of forgotten) await state.open(reopenedRun(id, settings, now));
  await state.markAudited(now);
  return { reopened: forgotten.length };
}

const daysToAudit = 3;

/** When it started is known to the day, which is what names its objects. */
function reopenedRun(id: RunId, { destinations }: SweepSettings, now: number): OpenRun {
  return {
    ...id,
    sealAfter: now,
    done: Object.fromEntries(destinations.map(({ name }) => [name, 0])),
    tries: {},
  };
}
