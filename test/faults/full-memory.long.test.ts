import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation } from '@mosaic-relay/cdk-loopback';
import type { SwitchName } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { openLocalStage } from '../../local/run/local-stage.ts';
import { readOutcomes } from '../../local/run/outcomes.ts';
import { runUntilSettled } from '../../local/run/run-until-settled.ts';
import { itemsOf } from '../../local/run/stream-items.ts';
import { watchRun } from '../../local/run/watch.ts';
import { inSilence } from '../local/run/in-silence.ts';

const events = 3_000;
const large: readonly SwitchName[] = ['huge-body', 'number-flood', 'gzip-bomb', 'deep-nesting'];
const knowsMemory = existsSync('/proc/self/status');

test.runIf(knowsMemory).each(large)('%s ends no collector of 512 MB', async (name) => {
  const { comparison, killed } = await collectFrom([name], { memory: 512 });

  expect(killed).toEqual([]);
  expect(comparison).toMatchObject({ generated: events, delivered: events, missing: 0, duplicates: 0 });
});

test.runIf(knowsMemory)(
  'a collector of 256 MB gives up an answer above its cap of 32 MiB, and is not ended by it',
  async () => {
    const { comparison, killed, possibleLoss } = await collectFrom(['huge-body'], { memory: 256 });

    expect(killed).toEqual([]);
    expect(comparison.missing).toBeGreaterThan(0);
    expect(comparison.delivered + comparison.missing).toBe(events);
    // An answer holds a thousand events at most.
    expect(comparison.missing).toBeLessThanOrEqual(possibleLoss * 1_000);
  },
);

/** One stream to S3, until nothing waits. */
async function collectFrom(source: readonly SwitchName[], { memory }: { readonly memory: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'relay-full-memory-'));
  const settings = join(folder, 'stages.mjs');
  const written = JSON.stringify(join(import.meta.dirname, '../../infra/config/stages.ts'));
  await writeFile(
    settings,
    `import { stages as written } from ${written};
const streams = written.dev.streams.map((stream) => ({ ...stream, memory: ${memory} }));
export const stages = { dev: { ...written.dev, streams } };
`,
  );
  const invocations: Invocation[] = [];
  const stage = await openLocalStage({
    ...inSilence(),
    stage: 'dev',
    settings,
    types: ['admin'],
    seed: 1,
    source,
    world: { lambda: { onInvocation: (invocation) => invocations.push(invocation) } },
  });
  try {
    const { world, streams, receivers } = stage;
    stage.source.generate(streams, events, 60_000);
    world.startSchedules((stream) => streams.includes(stream));
    await runUntilSettled(world.clock, watchRun({ world, streams, source: stage.source }));
    const [stream] = streams as [(typeof streams)[number]];
    const generated = stage.source.rawEvents;
    const [outcome] = await readOutcomes({ world, streams, generated, receivers, folder });
    const records = await itemsOf(stream, world, 'RUN#');
    return {
      comparison: outcome!.comparison,
      killed: invocations.filter(({ status }) => status === 'crashed').map(({ payload }) => payload),
      possibleLoss: records.reduce((sum, record) => sum + Number(record.possibleLoss?.N ?? 0), 0),
    };
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}
