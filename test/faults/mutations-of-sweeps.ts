import type { Mutation } from './mutation.ts';

/** Sweeps and audits. */
export const mutationsOfSweeps: readonly Mutation[] = [
  {
    name: 'record before deliver, in a sweep',
    file: 'sweep-batch.ts',
    from: '    const tries = await state.tries.countTry(run.open, name, number);',
    to: `    await state.openRuns.recordDone(run.open, name, number);
    const tries = await state.tries.countTry(run.open, name, number);`,
  },
  {
    name: 'close before sealed, in a sweep',
    file: 'sweep.ts',
    from: '      .filter(({ sealAfter }) => sealAfter <= clock.now())\n',
    to: '',
  },
  {
    name: 'delete OPEN before RUN# is written, in a sweep',
    file: 'sealed-run.ts',
    from: '  await ports.state.records.completeRecord(',
    to: '  await ports.state.openRuns.close(run.open);\n  await ports.state.records.completeRecord(',
  },
  {
    name: 'say complete of a run that somebody lacks something of',
    file: 'sealed-run.ts',
    from: '  if (run.closed || [...run.done.values()].some((done) => done < last)) return;\n  run.closed = true;\n',
    to: '  if (run.closed) return;\n  const lacks = [...run.done.values()].some((done) => done < last);\n',
    also: {
      from: '  await ports.state.openRuns.close(run.open);',
      to: '  if (lacks) return;\n  run.closed = true;\n  await ports.state.openRuns.close(run.open);',
    },
    noticedBy: ['functions/collector/complete-records'],
  },
  {
    name: 'pass over a number that is missing in silence',
    file: 'sealed-run.ts',
    from: '  if (lost > 0) ports.tellLoss(lost);\n',
    to: '',
    noticedBy: ['functions/collector/expired-journal'],
  },
  {
    name: 'tell a loss after closing',
    file: 'sealed-run.ts',
    from: '  if (lost > 0) ports.tellLoss(lost);\n',
    to: '',
    also: {
      from: '  await ports.state.openRuns.close(run.open);',
      to: '  await ports.state.openRuns.close(run.open);\n  if (run.lost.size > 0) ports.tellLoss(run.lost.size);',
    },
    noticedBy: ['functions/collector/expired-journal'],
  },
  {
    name: 'write down no last number of a killed run',
    file: 'sealed-run.ts',
    from: '  await state.openRuns.countBatches(open, last);\n',
    to: '',
    noticedBy: ['functions/collector/expired-journal'],
  },
  {
    name: 'sweep the newest run first',
    file: 'sweep.ts',
    from: 'owedSince(a) - owedSince(b)',
    to: 'owedSince(b) - owedSince(a)',
    noticedBy: ['functions/collector/sweep-order'],
  },
  {
    name: 'put runs that have been swept in part behind the others',
    file: 'sweep.ts',
    from: '.toSorted((a, b) => owedSince(a) - owedSince(b))',
    to: '.toSorted((a, b) => Math.max(...Object.values(a.done)) - Math.max(...Object.values(b.done)))',
    noticedBy: ['functions/collector/sweep-order'],
  },
  {
    name: 'sweep one destination after the other',
    file: 'sweep.ts',
    from: '    await Promise.all(settings.destinations.map(({ name }) => sweepDestination(name, pass)));',
    to: '    for (const { name } of settings.destinations) await sweepDestination(name, pass);',
    noticedBy: ['functions/collector/sweep-order'],
  },
  {
    name: 'leave the tries of what is done standing',
    file: 'adapters/dynamo-state.ts',
    from: "        update: 'SET done.#destination = :number REMOVE tries.#destination',",
    to: "        update: 'SET done.#destination = :number',",
    noticedBy: ['contracts/aws-adapters'],
  },
  {
    name: 'attempt batches with a try standing beside the others',
    file: 'sweep.ts',
    from: '    await attemptStandingTries(pass);\n',
    to: '',
    noticedBy: ['functions/collector/crash-blame'],
  },
  {
    name: 'count progress that the table refused as a crash',
    file: 'sweep-batch.ts',
    from: '    await forgetTry({ run, name, number }, pass);\n',
    to: '',
    noticedBy: ['functions/collector/crash-blame'],
  },
  {
    name: 'count a refusal as a crash',
    file: 'sweep-batch.ts',
    from: '  await forgetTry(owed, pass);\n  return false;',
    to: '  return false;',
  },
  {
    name: 'reopen a forgotten run as sealed as of now',
    file: 'audit.ts',
    from: 'sealAfter: now + sealMs,',
    to: 'sealAfter: now,',
  },
  {
    name: 'take a RUN# without complete for a run that is covered',
    file: 'forgotten-runs.ts',
    from: 'if (record.complete ?? true) covered.add(record.run);',
    to: 'if (record.lastNumber >= 0) covered.add(record.run);',
    noticedBy: ['functions/collector/restored-table'],
  },
  {
    name: 'take the RUN# of another run for a run that is covered',
    file: 'forgotten-runs.ts',
    from: '.filter(({ run }) => !covered.has(run))',
    to: '.filter(() => covered.size === 0)',
  },
  {
    name: 'say that an audit is done that the table was put back under',
    file: 'audit.ts',
    from: '  await state.meta.endAudit(id, now);',
    to: '  await state.meta.beginAudit(id);\n  await state.meta.endAudit(id, now);',
    noticedBy: ['functions/collector/restored-table'],
  },
];
