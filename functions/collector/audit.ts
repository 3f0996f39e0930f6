import { forgottenRuns } from './forgotten-runs.ts';
import type { Meta, OpenRun } from './ports.ts';
import type { SweepPorts, SweepSettings } from './sweep.ts';
import { dayMs, startOfDay } from './utc-day.ts';

/**
 * Once a day, reopens the runs that the table has forgotten: of the journal's last days, and since the day before the
 * last audit that the table knows of. A table that knows of none has everything in the journal audited.
 */
export async function audit(
  ports: SweepPorts,
  settings: SweepSettings,
  meta: Meta | undefined,
): Promise<{ readonly audited: boolean; readonly reopened: number }> {
  const { state, journal, clock } = ports;
  const now = clock.now();
  const auditedAt = meta?.auditedAt;
  if (auditedAt !== undefined && now - auditedAt < dayMs) return { audited: false, reopened: 0 };
  // What was put back meanwhile does not know this audit, and has to be audited itself.
  const id = ports.newAuditId();
  await state.beginAudit(id);
  const from =
    auditedAt === undefined ? 0 : startOfDay(Math.min(now - (daysToAudit - 1) * dayMs, auditedAt - dayMs));
  const days = (await journal.days())
    .map((day) => Date.parse(day))
    .filter((day) => day >= from && day <= now);
  let reopened = 0;
  // Day by day, for a journal of a month may hold tens of thousands of runs.
  for (const day of days) {
    for (const { run, startedAt, record } of await forgottenRuns(
      { state, journal },
      { from: day, to: day },
    )) {
      await state.open({
        run,
        startedAt,
        sealAfter: now + sealMs,
        done: Object.fromEntries(settings.destinations.map(({ name }) => [name, 0])),
        tries: {},
        ...(record === undefined ? {} : { lastNumber: record.lastNumber, counted: false }),
      } satisfies OpenRun);
      reopened += 1;
    }
  }
  await state.endAudit(id, now);
  return { audited: true, reopened };
}

const daysToAudit = 3;
/** Lambda's longest run, and five minutes for its last PUT: a run that the table has forgotten may still be alive. */
const sealMs = 20 * 60_000;
