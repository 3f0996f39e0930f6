import type { Configuration } from './configuration.ts';
import type { Means } from './means.ts';
import type { Items, JournalObject, Run } from './protocol-state.ts';
import type { RunStep } from './state-changes.ts';
import { alive, forget, openOf } from './state-changes.ts';

/** What happens to a run from outside: PUTs land, whether its process lives or not, time passes, and objects expire. */
export function worldSteps(run: Run, { configuration }: Means): readonly RunStep[] {
  if (run.phase === 'waiting') return [];
  return [
    ...run.underWay.map((put) => ({ says: `has object ${put.number} in S3`, next: land(run, put) })),
    ...limits(run, configuration),
    ...(sealMatters(run, configuration) ? [{ says: 'has its seal passed', next: passSeal(run) }] : []),
    ...expiring(run, configuration).map((object) => ({
      says: `has object ${object.number} deleted by the lifecycle`,
      next: expire(run, object),
    })),
  ];
}

/** An object lands. The number names it, so a second answer under one number replaces the first. */
function land(run: Run, put: JournalObject): Run {
  return {
    ...run,
    underWay: run.underWay.filter((other) => other !== put),
    journal: [...run.journal.filter((object) => object.number !== put.number), put].sort(
      (one, other) => one.number - other.number,
    ),
    everJournaled: [...run.everJournaled, put.answer].sort((one, other) => one - other),
  };
}

/** Where the limits differ, the earlier may pass while the run lives on. */
function limits(run: Run, { limitsDiffer }: Configuration): readonly RunStep[] {
  if (!limitsDiffer || run.age !== 'young' || !alive(run)) return [];
  return [
    { says: 'lives on after its deadline', next: { ...run, age: 'deadline-passed' } },
    { says: 'lives on after the timeout of the settings', next: { ...run, age: 'setting-passed' } },
  ];
}

/** The later limit passes: the run is dead, if only because Lambda has killed it. */
export function passLimits(run: Run): Run {
  return { ...forget(run, 'gone'), age: 'lease-expired' };
}

/** Five minutes after the run was killed at the latest, each PUT has landed or never will. */
function passSeal(run: Run): Run {
  return { ...forget(run, 'gone'), age: 'seal-passed', underWay: [] };
}

function sealMatters(run: Run, { restores = 0 }: Configuration): boolean {
  if (run.age === 'seal-passed') return false;
  return restores > 0 || alive(run) || openOf(run) !== undefined || run.underWay.length > 0;
}

/**
 * Journals live for weeks, sweeps look every five minutes and audits follow a restore at once. So nothing expires before
 * its run has ended in order or had a sweep's first look, nor between a restore and the audit after it; and no copy
 * of the table that is older than that is put back after it.
 */
function expiring(run: Run, { expiry }: Configuration): readonly JournalObject[] {
  const inTime = !run.auditOwed && isKnown(run.table) && (run.copy === undefined || isKnown(run.copy));
  return expiry && inTime ? run.journal : [];
}

function isKnown({ open }: Items): boolean {
  return typeof open === 'object' && (open.looked || open.sealAfter === 'now');
}

function expire(run: Run, object: JournalObject): Run {
  return {
    ...run,
    journal: run.journal.filter((other) => other !== object),
    expired: [...run.expired, object].sort((one, other) => one.number - other.number),
  };
}
