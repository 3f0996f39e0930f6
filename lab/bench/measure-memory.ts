import { type Means, noDelays } from './compare.ts';
import { type MeasuredProcess, startMeasured } from './measured-process.ts';
import type { MemoryFigure } from './result.ts';
import type { Absent, Variant } from './variants.ts';

/** The relay's peak memory with answers of 3 MB, over many batches and several runs, in a process of its own. */
export async function measureMemory(
  variants: readonly (Variant | Absent)[],
  { servers, note, failed, quick }: Means & { readonly quick: boolean },
): Promise<MemoryFigure | undefined> {
  const relay = variants.find((each): each is Variant => each.name === 'relay' && !('absent' in each));
  if (relay === undefined) return undefined;
  note('measuring peak memory');
  let process: MeasuredProcess | undefined;
  try {
    process = startMeasured(relay.command, relay.environment);
    const runs = quick ? 2 : 8;
    const batches = 75;
    let peakRssMb = 0;
    for (let run = 0; run < runs; run++) {
      await servers.prepare({ batches, eventBytes: 3_000, delays: noDelays, check: false, gzip: false });
      ({ peakRssMb } = await process.round());
    }
    return { peakRssMb: Math.round(peakRssMb), batches: runs * batches, answerMb: 3 };
  } catch (error) {
    failed(`peak memory was not measured: ${(error as Error).message}`);
    return undefined;
  } finally {
    await process?.close();
  }
}
