import { expect, test } from 'vitest';
import { identity } from '../../../contracts/memory-source.ts';
import {
  batchSize,
  destinations,
  events,
  goOn,
  killedAtEachStep,
  lost,
  type Program,
  runOnce,
} from './killed-program.ts';
import { numbered, type RelayUnderTest, relayUnderTest } from './relay-under-test.ts';

/**
 * Where S3 refuses or an answer is cut off, the batch in hand is long on its way: every effect until then is in the
 * window.
 */
const programs: readonly Program[] = [
  {
    name: 'a run that S3 refuses at first',
    prepare: () => refusedBy((attempt) => attempt === 2 || attempt === 3),
    go: runOnce,
  },
  { name: 'a run that S3 refuses for good', prepare: () => refusedBy((attempt) => attempt > 1), go: runOnce },
  { name: 'a run whose answer is cut off', prepare: withAnswerCutOff, go: runOnce },
];

async function refusedBy(refuses: (attempt: number) => boolean): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(events), destinations);
  let attempts = 0;
  relay.journal.stored.refuse = (write) =>
    write === 'put' && refuses(++attempts) ? new Error('SlowDown') : undefined;
  return relay;
}

async function withAnswerCutOff(): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(events), destinations);
  const partial = identity('[{"n":0},{"n');
  relay.source.stored.script.push({ kind: 'unknown', reason: 'cut-off', message: 'half of it', partial });
  return relay;
}

test.each(programs)(
  '$name killed before or after any effect loses the batch in hand at most, and the next run tells it',
  async (program) => {
    for await (const { relay, effects, where } of killedAtEachStep(program)) {
      relay.clock.set(relay.clock.now() + 6 * 60_000);
      relay.journal.stored.refuse = () => undefined;
      relay.source.stored.script.length = 0;
      const unended = relay.state.stored.meta?.lease?.run !== undefined;

      const report = await relay.run({ batchSize });
      const told = report.kind === 'ended' ? report.counters.possibleLoss : 0;
      await goOn(relay);

      expect(lost(relay), where).toBeLessThanOrEqual(batchSize);
      if (lost(relay) > 0) expect(effects, where).toContain('source.collect');
      expect(told, where).toBe(unended ? 1 : 0);
      if (lost(relay) > 0) expect(unended, where).toBe(true);
      expect(relay.state.stored.open.size, where).toBe(0);
    }
  },
);
