import type { RunReport } from '../../../../functions/collector/protocol/run-report.ts';
import type { SweepReport } from '../../../../functions/collector/protocol/sweep-report.ts';
import type { RelayUnderTest } from './relay-under-test.ts';

export interface Ticks {
  readonly durationMs: number;
  readonly everyMs?: number;
  readonly batchSize?: number;
  /** Called every so often, to look at what is there. */
  readonly look?: { readonly everyMs: number; readonly at: (passedMs: number) => void };
}

export interface Ticked {
  readonly runs: readonly RunReport[];
  readonly sweeps: readonly SweepReport[];
}

/**
 * Lets both schedules of a stream tick: collects every `everyMs`, and sweeps every five minutes, half an interval away
 * from them. What is under way when the time is over ends first.
 */
export async function tick(
  relay: RelayUnderTest,
  { durationMs, everyMs = sweepEveryMs, batchSize = 1_000, look }: Ticks,
): Promise<Ticked> {
  const { clock } = relay;
  const startedAt = clock.now();
  const runs: Promise<RunReport>[] = [];
  const sweeps: Promise<SweepReport>[] = [];
  const repeat = async (
    firstMs: number,
    periodMs: number,
    act: (passedMs: number) => void,
  ): Promise<void> => {
    for (let atMs = firstMs; atMs < durationMs; atMs += periodMs) {
      await clock.sleep(startedAt + atMs - clock.now(), never);
      act(atMs);
    }
  };
  await Promise.all([
    repeat(0, everyMs, () => runs.push(relay.run({ batchSize, interval: everyMs / 1_000 }))),
    repeat(Math.min(everyMs, sweepEveryMs) / 2, sweepEveryMs, () => sweeps.push(relay.sweepNow())),
    ...(look === undefined ? [] : [repeat(look.everyMs, look.everyMs, look.at)]),
  ]);
  return { runs: await Promise.all(runs), sweeps: await Promise.all(sweeps) };
}

const sweepEveryMs = 300_000;
const never = new AbortController().signal;
