import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFaultInjector } from '../../../lab/faults/everything/fault-injector.ts';
import { createJournalLosses } from '../../../lab/faults/everything/journal-losses.ts';
import { createOutages, type OutagePlan } from '../../../lab/faults/everything/outages.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import { readOutcomes } from '../../../local/run/outcomes.ts';
import { runUntilSettled } from '../../../local/run/run-until-settled.ts';
import { itemsOf } from '../../../local/run/stream-items.ts';
import { watchRun } from '../../../local/run/watch.ts';
import { inSilence } from '../../local/run/in-silence.ts';

const minuteMs = 60_000;
const events = 60;

test('a run that S3 refuses hands its batch to Firehose, and the next refused run collects nothing', async () => {
  const { comparison, befell, codes, log } = await through({
    journalOutage: { fromMs: 0, lastsMs: 20 * minuteMs, silent: 1 },
  });

  expect(comparison).toMatchObject({ generated: events, delivered: events, missing: 0 });
  expect(comparison).toMatchObject({ unjournaled: events / 2, unjournaledBatches: [{ ids: { length: 5 } }] });
  expect(befell).toEqual({ 'S3 refuses the journal for minutes': 1 });
  expect(codes).toEqual(['JournalRefused', 'JournalRefused']);
  expect(log.match(/"lastResort":1/g)).toHaveLength(1);
  expect(log).toContain('The batch in hand was handed to Firehose without a journal.');
  expect(log).toContain('The journal refused a probe, so nothing was collected');
});

test('nothing is lost to a table that fails in the midst of a run', async () => {
  const { comparison, befell } = await through({ tableOutage: { fromMs: 0, inRun: true } });

  expect(comparison).toMatchObject({ generated: events, delivered: events, missing: 0 });
  expect(befell).toEqual({ 'DynamoDB fails for minutes': 1 });
});

test('a collector outlives an unanswered call of AWS and an unanswered collect', async () => {
  const { comparison, befell, codes } = await through({
    silentCall: { fromMs: 0, effect: false },
    silentCollect: { fromMs: 0, effect: false },
  });

  expect(comparison).toMatchObject({ generated: events, delivered: events, missing: 0 });
  expect(befell).toEqual({ 'call without an answer': 1, 'no answer of Mosaic': 1 });
  expect(codes).toEqual(['OutcomeUnknown']);
});

/** One stream without a witness, to which nothing else happens. */
async function through(plan: OutagePlan) {
  const folder = await mkdtemp(join(tmpdir(), 'relay-outages-'));
  const lines: string[] = [];
  const injector = createFaultInjector(7);
  const outages = createOutages(injector, plan, createJournalLosses(injector));
  const stage = await openLocalStage({
    ...inSilence(),
    stage: 'dev',
    types: ['admin'],
    seed: 7,
    source: [],
    mosaic: outages.mosaic,
    world: {
      gateway: { interfere: outages.interfere },
      lambda: { skipSleeps: true, onLog: (_, line) => lines.push(line) },
    },
  });
  try {
    const { world, source, streams, receivers } = stage;
    injector.begin(stage);
    outages.begin(stage);
    source.generate(streams, events / 2, minuteMs);
    world.clock.at(world.clock.now() + 20 * minuteMs, () => source.generate(streams, events / 2, minuteMs));
    world.startSchedules((stream) => streams.includes(stream));
    const [stream] = streams as [(typeof streams)[number]];

    const raised = () => source.generated(stream) === events;
    await runUntilSettled(world.clock, watchRun({ world, streams, source }), raised);

    const generated = source.rawEvents;
    const [outcome] = await readOutcomes({ world, streams, generated, receivers, folder });
    const records = await itemsOf(stream, world, 'RUN#');
    return {
      comparison: outcome!.comparison,
      befell: injector.befell(stream),
      codes: records.flatMap(({ code }) => code?.S ?? []),
      log: lines.join('\n'),
    };
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}
