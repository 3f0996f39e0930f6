import { openItem } from './configuration.ts';
import type { Step } from './explore.ts';
import type { Audit, ProtocolState, Run } from './protocol-state.ts';
import type { Rules } from './rules.ts';
import { openOf, withOpen } from './state-changes.ts';

/**
 * The steps of an audit: it lists the journal, then `OPEN`, then `RUN#`, reopens what neither covers, and says on `META`
 * that it is done, so that the next one looks at later days. An audit that is killed has done no more than it has done.
 */
export function auditSteps(state: ProtocolState, rules: Rules): readonly Step<ProtocolState>[] {
  const { audit, runs } = state;
  const step = (says: string, next: Audit, changed = runs) => ({
    says: `the audit ${says}`,
    next: { ...state, audit: next, runs: changed },
  });
  if (audit.stage === 'idle') {
    const matters = state.restoresLeft > 0 || runs.some(({ auditOwed }) => auditOwed);
    return matters ? [step('lists the journal', listJournal(runs))] : [];
  }
  const killed = step('is killed', idle);
  const [first] = audit.uncovered;
  if (audit.stage === 'listed-journal') {
    const left = audit.uncovered.filter((at) => openOf(runs[at]!) === undefined);
    return [killed, step('lists OPEN', { ...audit, stage: 'listed-open', uncovered: left })];
  }
  if (audit.stage === 'listed-open') {
    const left = audit.uncovered.filter((at) => !rules.covers(runs[at]!, runs));
    return [killed, step('lists RUN#', { ...audit, stage: 'listed-records', uncovered: left })];
  }
  if (first !== undefined) {
    const next = { ...audit, uncovered: audit.uncovered.slice(1) };
    return [killed, step(`reopens run ${first + 1}`, next, runs.with(first, reopen(runs[first]!, rules)))];
  }
  return [killed, step('says that it is done', idle, markAudited(state, rules))];
}

const idle: Audit = { stage: 'idle', uncovered: [], past: [], overtaken: false };

function listJournal(runs: readonly Run[]): Audit {
  const numbered = runs.map((run, at) => ({ run, at }));
  return {
    stage: 'listed-journal',
    uncovered: numbered.filter(({ run }) => run.journal.length > 0).map(({ at }) => at),
    past: numbered.filter(({ run }) => run.age === 'seal-passed').map(({ at }) => at),
    overtaken: false,
  };
}

/** Writes `OPEN` unless it is there. */
function reopen(run: Run, { sealOfAudit }: Rules): Run {
  if (openOf(run) !== undefined) return run;
  const done = run.got.map(() => 0);
  return withOpen(run, openItem({ done, sealAfter: sealOfAudit, lastNumber: 0 }));
}

/** Only on condition that the table is still the one that was listed. */
function markAudited({ runs, audit }: ProtocolState, rules: Rules): readonly Run[] {
  if (audit.overtaken && !rules.marksWhenOvertaken) return runs;
  return runs.map((run, at) => (audit.past.includes(at) ? { ...run, auditOwed: false } : run));
}
