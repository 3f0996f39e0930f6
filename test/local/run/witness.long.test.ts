import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import { readOutcomes } from '../../../local/run/outcomes.ts';
import { runUntilSettled } from '../../../local/run/run-until-settled.ts';
import { watchRun } from '../../../local/run/watch.ts';
import { inSilence } from './in-silence.ts';

test('with a witness that recovers, only events that both copies lost on the wire are missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-witness-'));
  const stage = await openLocalStage({
    ...inSilence(),
    stage: 'dev',
    types: ['admin', 'verify'],
    seed: 7,
    source: ['lost-answer', 'short'],
    witness: 'recover',
  });
  try {
    const { world, source, streams, witnesses, receivers } = stage;
    expect(witnesses.map(({ name }) => name)).toEqual(['admin-witness', 'verify-witness']);
    source.generate(streams, 3_000, 60_000);
    world.startSchedules((stream) => [...streams, ...witnesses].includes(stream));

    await runUntilSettled(world.clock, watchRun({ world, streams, witnesses, source }));

    const lostOf = (stream: (typeof streams)[number]): ReadonlySet<string> =>
      new Set([...source.ledger(stream)].filter(({ fate }) => fate === 'lost').map(({ id }) => id));
    for (const outcome of await readOutcomes({
      world,
      streams,
      generated: source.rawEvents,
      receivers,
      folder,
    })) {
      const stream = streams.find(({ name }) => name === outcome.name)!;
      const witness = witnesses.find(({ name }) => name === `${outcome.name}-witness`)!;
      const lost = lostOf(stream);
      expect(lost.size).toBeGreaterThan(0);
      const lostTwice = [...lostOf(witness)].filter((id) => lost.has(id));
      expect(outcome.comparison.missing).toBe(lostTwice.length);
    }
    expect(world.denials).toEqual([]);
    expect(world.refusals).toEqual([]);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
});
