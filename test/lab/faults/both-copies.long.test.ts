import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interfere } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { watchInvocations } from '../../../local/run/invocations.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { readOutcomes } from '../../../local/run/outcomes.ts';
import { runUntilSettled } from '../../../local/run/run-until-settled.ts';
import { showResult } from '../../../local/run/show-result.ts';
import { watchRun } from '../../../local/run/watch.ts';
import { inSilence } from '../../local/run/in-silence.ts';

const events = 100;

test('an event that is taken from both copies is lost, both collectors tell PossibleLoss, and no other is lost', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-both-'));
  const stderr: string[] = [];
  const silence = inSilence({
    stderr: { write: (text: string | Uint8Array) => stderr.push(String(text)) > 0 },
  });
  const stage = await openLocalStage({
    ...silence,
    stage: 'dev',
    types: ['admin'],
    seed: 7,
    source: [],
    witness: 'recover',
    mosaic: takeFromBoth(),
  });
  try {
    const { world, source, streams, witnesses, receivers } = stage;
    // The first is alone when both read it.
    source.generate(streams, 1, 60_000);
    world.clock.at(world.clock.now() + 90 * 60_000, () => source.generate(streams, events - 1, 60_000));
    world.startSchedules((stream) => [...streams, ...witnesses].includes(stream));
    const raised = () => source.generated(streams[0]!) === events;

    await runUntilSettled(world.clock, watchRun({ world, streams, witnesses, source }), raised);

    const generated = source.rawEvents;
    const outcomes = await readOutcomes({ world, streams, generated, receivers, folder });
    expect(outcomes[0]!.comparison).toMatchObject({ generated: events, delivered: events - 1, missing: 1 });
    const invocations = watchInvocations();
    const code = showResult(outcomes, {
      world,
      context: silence.context,
      source,
      invocations,
      elapsedMs: 0,
      out: folder,
      json: false,
    });
    expect(code).toBe(1);
    expect(stderr.join('')).toContain(
      `1 of ${events} events missing: 1 lost on the wire (taken from both copies)`,
    );
    for (const { name } of [...streams, ...witnesses]) expect(sumOf(stage, 'PossibleLoss', name)).toBe(1);
    // What neither copy brought home, a comparison cannot know of.
    expect(sumOf(stage, 'WitnessMissing', 'admin')).toBe(0);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
});

/** The first answer to each stream that holds anything is lost on its way. */
function takeFromBoth(): Interfere {
  const taken = new Set<string>();
  return ({ operation, streamId = '' }) => {
    if (operation !== 'collect' || taken.has(streamId)) return undefined;
    taken.add(streamId);
    return { after: { kind: 'reset', cause: 'taken from both copies' } };
  };
}

function sumOf({ metrics, world }: LocalStage, name: string, stream: string): number {
  const dimensions = { Stage: 'dev', Stream: stream };
  const range = { from: 0, to: Math.ceil(world.clock.now() / 60_000) * 60_000 };
  return metrics.store.read({ namespace: metricNamespace, name, dimensions }, range)?.sum ?? 0;
}
