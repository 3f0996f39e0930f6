import { eventsPerBatch } from './batches.ts';
import { type MeasuredProcess, type MeasuredRound, startMeasured } from './measured-process.ts';
import type { BenchComparison, VariantFigure } from './result.ts';
import type { ServerProcess } from './server-process.ts';
import { median, rounded } from './statistics.ts';
import type { Absent, Variant, VariantName } from './variants.ts';

export interface Means {
  readonly servers: ServerProcess;
  /** Reports progress. */
  readonly note: (line: string) => void;
  /** Reports a failure, which makes the whole run end with 1. */
  readonly failed: (line: string) => void;
}

export const noDelays = { collect: 0, journal: 0, firehose: 0 };
export const eventBytes = 1_500;

/**
 * Measures all variants in turn, round after round, so that other work on the machine meets all of them alike.
 * Before the first round each variant is warmed up, and must deliver every event with a valid signature.
 */
export async function compare(
  variants: readonly (Variant | Absent)[],
  means: Means & { readonly rounds: number },
): Promise<BenchComparison> {
  const running = new Map<VariantName, { variant: Variant; process: MeasuredProcess; rounds: Figure[] }>();
  const giveUp = async (name: VariantName, why: unknown) => {
    means.failed(`${name} failed and is left out: ${why instanceof Error ? why.message : why}`);
    await running.get(name)?.process.close();
    running.delete(name);
  };
  for (const variant of variants) {
    if ('absent' in variant) {
      if (variant.failed) means.failed(variant.absent);
      else means.note(variant.absent);
      continue;
    }
    try {
      means.note(`warming up ${variant.name}`);
      const process = startMeasured(variant.command, variant.environment);
      running.set(variant.name, { variant, process, rounds: [] });
      await warmUp(variant, process, means.servers);
    } catch (error) {
      await giveUp(variant.name, error);
    }
  }
  let logBytesPerRun: number | null = null;
  for (let round = 1; round <= means.rounds && running.size > 0; round++) {
    means.note(`round ${round} of ${means.rounds}`);
    for (const [name, { variant, process, rounds }] of running) {
      try {
        const figure = await oneRound(variant, process, means.servers);
        rounds.push(figure);
        if (name === 'relay') logBytesPerRun = figure.logBytes;
      } catch (error) {
        await giveUp(name, error);
      }
    }
  }
  for (const { process } of running.values()) await process.close();
  const figures = Object.fromEntries(
    variants.map(({ name }) => [name, figureOf(running.get(name)?.rounds)]),
  ) as Record<VariantName, VariantFigure | null>;
  return { rounds: means.rounds, variants: figures, ratios: ratiosOf(figures), logBytesPerRun };
}

interface Figure extends MeasuredRound {
  readonly events: number;
}

async function warmUp(variant: Variant, process: MeasuredProcess, servers: ServerProcess): Promise<void> {
  const checked = 5;
  const { gzip } = variant;
  await servers.prepare({ batches: checked, eventBytes, delays: noDelays, check: true, gzip });
  await process.round();
  const { delivered, problems } = await servers.seen();
  if (problems.length > 0) throw new Error(problems[0]);
  if (delivered !== checked * eventsPerBatch) {
    throw new Error(`of ${checked * eventsPerBatch} events it delivered ${delivered}`);
  }
  await servers.prepare({ batches: warmUpBatches, eventBytes, delays: noDelays, check: false, gzip });
  await process.round();
}

/** Batches of the warm-up, the same for all variants: code that has run more often is compiled better. */
const warmUpBatches = 120;

async function oneRound(variant: Variant, process: MeasuredProcess, servers: ServerProcess): Promise<Figure> {
  const { batches, gzip } = variant;
  await servers.prepare({ batches, eventBytes, delays: noDelays, check: false, gzip });
  const told = await process.round();
  const { problems } = await servers.seen();
  if (problems.length > 0) throw new Error(problems[0]);
  return { ...told, events: batches * eventsPerBatch };
}

function figureOf(rounds: readonly Figure[] | undefined): VariantFigure | null {
  if (rounds === undefined || rounds.length === 0) return null;
  const cpu = rounds.map(({ cpuSeconds, events }) => (cpuSeconds * 1e6) / events);
  return {
    cpuSecondsPerMillion: rounded(median(cpu), 2),
    spread: [rounded(Math.min(...cpu), 2), rounded(Math.max(...cpu), 2)],
    eventsPerSecond: Math.round(median(rounds.map(({ events, wallSeconds }) => events / wallSeconds))),
    peakRssMb: Math.round(Math.max(...rounds.map(({ peakRssMb }) => peakRssMb))),
  };
}

function ratiosOf(figures: Readonly<Record<VariantName, VariantFigure | null>>): BenchComparison['ratios'] {
  const ratio = (over: VariantName, under: VariantName) => {
    const [a, b] = [figures[over], figures[under]];
    return a === null || b === null ? null : rounded(a.cpuSecondsPerMillion / b.cpuSecondsPerMillion, 2);
  };
  return {
    relayToFloor: ratio('relay', 'floor'),
    vendorToRelay: ratio('vendor', 'relay'),
    usualToRelay: ratio('usualLambda', 'relay'),
    usualPackedToRelay: ratio('usualPacked', 'relay'),
    gzipToRelay: ratio('relayGzip', 'relay'),
  };
}
