/** One way to break the protocol on purpose: exact texts, each of which its file must hold once. */
export interface Mutation {
  readonly name: string;
  /** Relative to `functions/collector/`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: 'skip the journal',
    file: 'put-acknowledged.ts',
    from: '(limit) => journal.put(batch, limit)',
    to: 'async () => undefined',
  },
  {
    name: 'record before deliver, in a run',
    file: 'lane.ts',
    from: "      if ('damaged' in batch || (await send(batch))) done = batch.batch.number;",
    to: `      done = batch.batch.number;
      if (!('damaged' in batch)) await send(batch);`,
  },
  {
    name: 'record before deliver, in a sweep',
    file: 'sweep-run.ts',
    from: '    const tries = await state.countTry(open, name, number);',
    to: `    await state.recordDone(open, name, number);
    const tries = await state.countTry(open, name, number);`,
  },
  {
    name: 'close before sealed, in a sweep',
    file: 'sweep.ts',
    from: '.filter(({ sealAfter }) => sealAfter <= clock.now())',
    to: '',
  },
  {
    name: 'close before sealed, in a run whose PUT may still land',
    file: 'close-run.ts',
    from: 'const complete = !progress.unacknowledged && lanes',
    to: 'const complete = lanes',
  },
  {
    name: 'close before a destination has everything',
    file: 'close-run.ts',
    from: '!progress.unacknowledged && lanes.every(({ done }) => done === lastNumber)',
    to: '!progress.unacknowledged',
  },
  {
    name: 'delete OPEN before RUN# is written, in a sweep',
    file: 'sweep-run.ts',
    from: '  if (record === undefined)\n    await state.writeRecord(',
    to: '  await state.close(open);\n  if (record === undefined)\n    await state.writeRecord(',
  },
  {
    name: 'delete OPEN before RUN# is written, in a run',
    file: 'close-run.ts',
    from: '  await state.writeRecord(record);\n  if (complete) await state.close(id);\n',
    to: '  if (complete) await state.close(id);\n  await state.writeRecord(record);\n  if (complete) await state.close(id);\n',
  },
  {
    name: 'reuse a number',
    file: 'journal-answer.ts',
    from: 'number: progress.lastNumber + 1,',
    to: 'number: Math.max(1, progress.lastNumber),',
  },
  {
    name: 'go on after an unknown outcome',
    file: 'collect.ts',
    from: '      return endOnUnknown(outcome, { streamId, collectedAt, ports, settings, progress });',
    to: `      await endOnUnknown(outcome, { streamId, collectedAt, ports, settings, progress });
      continue;`,
  },
  {
    name: 'go on after S3 refused',
    file: 'collect.ts',
    from: '    if (journaled.ending !== undefined) return journaled.ending;\n',
    to: '',
  },
  {
    name: 'drop refused records',
    file: 'deliver.ts',
    from: 'if (left.length === 0) return { refusedRecords };',
    to: 'return { refusedRecords };',
  },
  {
    name: 'treat a short answer as drained',
    file: 'collect.ts',
    from: '    await recordProgress(ports, progress);\n',
    to: `    if (tally.shortAnswers > 0) return { outcome: 'drained' };
    await recordProgress(ports, progress);\n`,
  },
  {
    name: 'treat one empty answer as drained',
    file: 'collect.ts',
    from: 'if (emptyInARow < settings.emptyAnswersToStop) continue;\n',
    to: '',
  },
  {
    name: 'forget the run that never ended',
    file: 'run.ts',
    from: '  tally.possibleLoss += lease.neverEnded;\n',
    to: '',
  },
  {
    name: 'close over a number that is missing',
    file: 'sweep-run.ts',
    from: 'const lost = last - present.length;',
    to: 'const lost = 0;',
  },
];
