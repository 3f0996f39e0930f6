import { eventBytes, type Means, noDelays } from './compare.ts';
import { type CpuLimit, limitCpu } from './cpu-share.ts';
import { startMeasured } from './measured-process.ts';
import type { Throughput } from './result.ts';
import { rounded } from './statistics.ts';
import type { Absent, Variant } from './variants.ts';

/** Milliseconds that Mosaic, S3 and Firehose take. */
const latencies = [
  { name: '150/30/40', delays: { collect: 150, journal: 30, firehose: 40 } },
  { name: '300/40/60', delays: { collect: 300, journal: 40, firehose: 60 } },
];

/** A function has a CPU share in proportion to its memory; 1,769 MB are one. @see AWS Lambda, "Configure memory" */
const shares = [
  { suffix: '', cpus: 1 },
  { suffix: '@512', cpus: 512 / 1_769 },
];

/** In the order in which they are measured. */
export const throughputNames = shares.flatMap(({ suffix }) => latencies.map(({ name }) => name + suffix));

/**
 * Measures how near one stream comes to the ideal, in which a batch takes a collect and a journal PUT and all
 * other work goes beside them. The servers measure from the first collect call to the one after the last batch.
 */
export async function measureThroughput(
  variants: readonly (Variant | Absent)[],
  means: Means & { readonly quick: boolean },
): Promise<Throughput | undefined> {
  const relay = variants.find((each): each is Variant => each.name === 'relay' && !('absent' in each));
  if (relay === undefined) return undefined;
  const figures: Record<string, number | null> = {};
  for (const { suffix, cpus } of shares) {
    for (const { name, delays } of latencies) {
      means.note(`measuring throughput at ${name}${suffix}`);
      try {
        figures[name + suffix] = await shareOfIdeal(relay, delays, cpus, means);
      } catch (error) {
        means.failed(`throughput at ${name}${suffix} was not measured: ${(error as Error).message}`);
        figures[name + suffix] = null;
      }
    }
  }
  return figures;
}

async function shareOfIdeal(
  relay: Variant,
  delays: (typeof latencies)[number]['delays'],
  cpus: number,
  { servers, note, quick }: Means & { readonly quick: boolean },
): Promise<number | null> {
  const process = startMeasured(relay.command, relay.environment);
  let limit: CpuLimit | undefined;
  try {
    await servers.prepare({ batches: 60, eventBytes, delays: noDelays, check: false, gzip: false });
    await process.round();
    limit = limitCpu(process.pid, cpus);
    if (limit === undefined && cpus < 1) {
      note('control groups cannot be written here, so the CPU share of 512 MB is not measured');
      return null;
    }
    const batches = quick ? 12 : 40;
    await servers.prepare({ batches, eventBytes, delays, check: false, gzip: false });
    await process.round();
    const { collects, problems } = await servers.seen();
    if (problems.length > 0) throw new Error(problems[0]);
    if (collects.length <= batches) throw new Error(`it collected ${collects.length} times`);
    const taken = collects[batches]! - collects[0]!;
    return rounded((batches * (delays.collect + delays.journal)) / taken, 3);
  } finally {
    await process.close();
    limit?.remove();
  }
}
