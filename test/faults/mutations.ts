import type { Mutation } from './mutation.ts';
import { mutationsOfSweeps } from './mutations-of-sweeps.ts';
import { mutationsOfViews } from './mutations-of-views.ts';

const mutationsOfRuns: readonly Mutation[] = [
  {
    name: 'skip the journal',
    file: 'protocol/put-acknowledged.ts',
    from: '(limit) => journal.put(batch, limit)',
    to: 'async () => undefined',
  },
  {
    name: 'record before deliver, in a run',
    file: 'delivery/queue.ts',
    from: `        const lateOfNext = await settleNext();
        if (lateOfNext === undefined) continue;
        // Nothing may come between the two: they are recorded together.
        done += 1;
`,
    to: `        const settling = settleNext();
        done += 1;
        const lateOfNext = (await settling) ?? 0;
`,
  },
  {
    name: 'leave the rest of a run to the sweep when a queue falls behind',
    file: 'delivery/queue.ts',
    from: 'if (offered - done > mostHeld + 1) letGo();',
    to: "if (offered - done > mostHeld + 1) leave('behind');",
    noticedBy: [
      'functions/collector/protocol/run',
      'functions/collector/delivery/delivery-outage',
      'functions/collector/delivery/delivery-keeps-up',
    ],
  },
  {
    name: 'close in a run whose PUT may still land',
    file: 'protocol/close-run.ts',
    from: 'const complete = !unacknowledged && queues',
    to: 'const complete = queues',
  },
  {
    name: 'close before a destination has everything',
    file: 'protocol/close-run.ts',
    from: '!unacknowledged && queues.every(({ done }) => done === lastNumber)',
    to: '!unacknowledged',
  },
  {
    name: 'say complete at the end of every run',
    file: 'protocol/close-run.ts',
    from: 'clock.now()), complete };',
    to: 'clock.now()), complete: true };',
    noticedBy: ['functions/collector/protocol/complete-records'],
  },
  {
    name: 'delete OPEN before RUN# is written, in a run',
    file: 'protocol/close-run.ts',
    from: '  await state.records.writeRecord(record);\n  if (complete) await state.openRuns.close(id);\n',
    to: '  if (complete) await state.openRuns.close(id);\n  await state.records.writeRecord(record);\n  if (complete) await state.openRuns.close(id);\n',
  },
  {
    name: 'leave an OPEN that has vanished to the audit',
    file: 'protocol/record-progress.ts',
    from: '  if (!isThere) await openAnew({ state }, progress, {});\n',
    to: '',
    noticedBy: ['functions/collector/protocol/restored-table'],
  },
  {
    name: 'write a vanished OPEN anew as sealed as of now, with a PUT under way',
    file: 'protocol/record-progress.ts',
    from: '    sealAfter,\n    done:',
    to: '    sealAfter: 0,\n    done:',
    noticedBy: ['functions/collector/protocol/restored-table'],
  },
  {
    name: 'take an OPEN that was written anew for the whole of its run',
    file: 'protocol/record-progress.ts',
    from: '    counted: false,\n',
    to: '',
    noticedBy: ['functions/collector/protocol/restored-table'],
  },
  {
    name: 'lease and seal by the setting alone',
    file: 'protocol/run.ts',
    from: 'Math.max(deadline, startedAt + settings.timeout * 1_000)',
    to: 'startedAt + settings.timeout * 1_000',
    noticedBy: ['functions/collector/protocol/other-timeout'],
  },
  {
    name: 'lease and seal by the deadline alone',
    file: 'protocol/run.ts',
    from: 'Math.max(deadline, startedAt + settings.timeout * 1_000)',
    to: 'deadline',
    noticedBy: ['functions/collector/protocol/other-timeout'],
  },
  {
    name: 'reuse a number',
    file: 'protocol/journal-answer.ts',
    from: 'number: progress.lastNumber + 1,',
    to: 'number: Math.max(1, progress.lastNumber),',
  },
  {
    name: 'go on after an unknown outcome',
    file: 'protocol/collect.ts',
    from: "    return { kind: 'ending', ending: await endOnUnknown(outcome, { ...at, collectedAt }) };",
    to: `    await endOnUnknown(outcome, { ...at, collectedAt });
    return { kind: 'again' };`,
  },
  {
    name: 'ask a source for as much as ever after an unknown outcome',
    file: 'protocol/collect.ts',
    from: '    asking.failed(asked, collectedAt);\n',
    to: '',
    noticedBy: ['functions/collector/protocol/slow-source'],
  },
  {
    name: 'go on after S3 refused',
    file: 'protocol/collect.ts',
    from: "  if (ending !== undefined) return { kind: 'ending', ending };\n",
    to: '',
  },
  {
    name: 'probe another place than the journal',
    file: 'adapters/s3-journal.ts',
    from: "Key: probeKey(streamName), Body: 'probe'",
    to: "Key: probeKey(streamName).slice('journal/'.length), Body: 'probe'",
    noticedBy: ['functions/collector/adapters/s3-journal'],
  },
  {
    name: 'drop refused records',
    file: 'delivery/deliver.ts',
    from: 'waiting = [...left, ...waiting.slice(call.length)];',
    to: 'waiting = waiting.slice(call.length);',
  },
  {
    name: 'hold room for a large answer while its destination throttles',
    file: 'delivery/deliver.ts',
    from: 'behindMs > turn.mostBehindMs && wasThrottled !== false',
    to: 'false',
    noticedBy: ['functions/collector/protocol/large-answers'],
  },
  {
    name: 'begin a large answer anew that was put off',
    file: 'delivery/deliver.ts',
    from: 'turn?.unsent?.map((index) => records[index]!) ?? records',
    to: 'records',
    noticedBy: ['functions/collector/protocol/large-answers'],
  },
  {
    name: 'treat a short answer as drained',
    file: 'protocol/collect.ts',
    from: 'const isDrained = emptyInARow >= settings.emptyAnswersToStop;',
    to: 'const isDrained = step.events < step.asked;',
  },
  {
    name: 'treat one empty answer as drained',
    file: 'protocol/collect.ts',
    from: 'const isDrained = emptyInARow >= settings.emptyAnswersToStop;',
    to: 'const isDrained = emptyInARow >= 1;',
  },
  {
    name: 'forget a replaced stream that was empty for an hour',
    file: 'protocol/collect-streams.ts',
    from: 'const retiringMs = 86_400_000;',
    to: 'const retiringMs = 3_600_000;',
  },
  {
    name: 'forget the run that never ended',
    file: 'protocol/run.ts',
    from: '  counters.possibleLoss += lease.neverEnded;\n',
    to: '',
  },
];

export const mutations: readonly Mutation[] = [...mutationsOfRuns, ...mutationsOfSweeps, ...mutationsOfViews];
