import type { Meta, OpenRun, RunId } from './ports.ts';
import type { SweepPorts, SweepSettings } from './sweep.ts';

/**
 * Once a day, compares the journal's last days with `OPEN` and `RUN#`, and reopens the runs that neither covers:
 * those of a table that was restored, or that a bug forgot.
 *
 * The journal is listed first, then `OPEN`, then `RUN#`: a run writes them in the opposite order, so one that
 * ends meanwhile is found by one of them.
 */
export async function audit(
  { state, journal, clock }: SweepPorts,
  settings: SweepSettings,
  meta: Meta | undefined,
): Promise<{ readonly reopened: number }> {
  const now = clock.now();
  if (now - (meta?.auditedAt ?? 0) < dayMs) return { reopened: 0 };
  const journaled: RunId[] = [];
  for (let back = 0; back < daysToAudit; back++) {
    const startedAt = startOfDay(now - back * dayMs);
    for (const run of await journal.runsOn(new Date(startedAt).toISOString().slice(0, 10))) {
      journaled.push({ run, startedAt });
    }
  }
  const covered = new Set((await state.listOpen()).map(({ run }) => run));
  const from = startOfDay(now - (daysToAudit - 1) * dayMs);
  for (const { run } of await state.listRecords({ from, to: now + dayMs })) covered.add(run);
  const uncovered = journaled.filter(({ run }) => !covered.has(run));
  for (const id of uncovered) await state.open(reopenedRun(id, settings, now));
  await state.markAudited(now);
  return { reopened: uncovered.length };
}

const dayMs = 86_400_000;
const daysToAudit = 3;

function startOfDay(time: number): number {
  return time - (time % dayMs);
}

/** When it started is known to the day, which is what names its objects. */
function reopenedRun(id: RunId, { destinations }: SweepSettings, now: number): OpenRun {
  return {
    ...id,
    sealAfter: now,
    done: Object.fromEntries(destinations.map(({ name }) => [name, 0])),
    tries: {},
  };
}
