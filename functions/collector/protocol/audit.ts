import type { OpenRun } from '../../stored/open-item.ts';
import { dayMs, startOfDay } from '../../stored/utc-day.ts';
import { type ForgottenRun, forgottenRuns } from './forgotten-runs.ts';
import type { Pass } from './sweep-pass.ts';

/**
 * Once a day, reopens the runs that the table has forgotten: of the journal's last days, and since the day before the
 * last audit that the table knows of. A table that knows of none has everything in the journal audited. Where that takes
 * more than a pass, the next one goes on: what has been reopened is forgotten no more.
 */
export async function audit({
  ports,
  settings,
  meta,
  hasTime,
}: Pick<Pass, 'ports' | 'settings' | 'meta' | 'hasTime'>): Promise<Audited> {
  const { state, journal, clock } = ports;
  const now = clock.now();
  if (meta?.auditedAt !== undefined && now - meta.auditedAt < dayMs) return { audited: false, reopened: 0 };
  // The table may be put back to an earlier time at any moment. One that is put back later forgets this audit and is
  // audited again. One that was put back since the pass began may need more days than `meta` says.
  const id = ports.newAuditId();
  const auditedAt = await state.meta.beginAudit(id);
  const from =
    auditedAt === undefined ? 0 : startOfDay(Math.min(now - (daysToAudit - 1) * dayMs, auditedAt - dayMs));
  const days = (await journal.days())
    .map((day) => Date.parse(day))
    .filter((day) => day >= from && day <= now);
  // No run of a day before yesterday is alive, so one listing of `OPEN`, of thousands of items, serves all such days.
  const openBefore = new Set((await state.openRuns.listOpen()).map(({ run }) => run));
  const yesterday = startOfDay(now) - dayMs;
  const goesOn = (): boolean => hasTime() && clock.now() - now < mostMs;
  let reopened = 0;
  // A few days at once, for a journal may hold ten years, and a month of it tens of thousands of runs.
  for (let next = 0; next < days.length; next += daysAtOnce) {
    if (!goesOn()) return { audited: false, reopened };
    const found = await Promise.all(
      days
        .slice(next, next + daysAtOnce)
        .map((day) =>
          forgottenRuns({ state, journal }, { from: day, to: day }, day < yesterday ? openBefore : undefined),
        ),
    );
    const forgotten = found.flat();
    for (let first = 0; first < forgotten.length; first += opensAtOnce) {
      if (!goesOn()) return { audited: false, reopened };
      const some = forgotten.slice(first, first + opensAtOnce);
      await Promise.all(
        some.map((run) => state.openRuns.open(openOf(run, settings.destinations, clock.now()))),
      );
      reopened += some.length;
    }
  }
  await state.meta.endAudit(id, now);
  return { audited: true, reopened };
}

interface Audited {
  readonly audited: boolean;
  readonly reopened: number;
  readonly failure?: Pass['failure'];
}

/** The run's own destinations are not stored anywhere else, so the reopened run gets today's. */
function openOf(
  { run, startedAt, record }: ForgottenRun,
  destinations: Pass['settings']['destinations'],
  now: number,
): OpenRun {
  return {
    run,
    startedAt,
    sealAfter: now + sealMs,
    done: Object.fromEntries(destinations.map(({ name }) => [name, 0])),
    tries: {},
    ...(record === undefined ? {} : { lastNumber: record.lastNumber, counted: false }),
  };
}

const daysToAudit = 3;
/** The longest that an audit may take of a pass. The rest of the pass delivers. */
const mostMs = 2 * 60_000;
const daysAtOnce = 10;
/** A month of runs, opened one after the other, would take minutes. */
const opensAtOnce = 20;
/** Lambda's longest run, and five minutes for its last PUT: a run that the table has forgotten may still be alive. */
const sealMs = 20 * 60_000;
