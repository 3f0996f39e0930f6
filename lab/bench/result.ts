import type { VariantName } from './variants.ts';

/** All that one run of the benchmark found; null or undefined is what could not be measured here. */
export interface BenchResult {
  readonly quick: boolean;
  readonly comparison: BenchComparison | undefined;
  readonly throughput: Throughput | undefined;
  readonly memory: MemoryFigure | undefined;
  readonly splitter: SplitterFigure | null;
  /** Over the bytes of the lines as sent, by kilobytes an event. */
  readonly billedToRaw: Readonly<Record<string, number>>;
  /** Over the events' own bytes; for the table and the file alone. */
  readonly billedToReceived: Readonly<Record<string, number>>;
  readonly dollarsPerMillion: { readonly packed: number; readonly compressed: number };
}

export interface BenchComparison {
  readonly rounds: number;
  readonly variants: Readonly<Record<VariantName, VariantFigure | null>>;
  readonly ratios: Readonly<Record<RatioName, number | null>>;
  /** Written by the relay in one round. */
  readonly logBytesPerRun: number | null;
}

/** Of CPU seconds; `gzipToRelay` is that of a source that answers in gzip over one that does not. */
export const ratioNames = [
  'relayToFloor',
  'vendorToRelay',
  'usualToRelay',
  'usualPackedToRelay',
  'gzipToRelay',
] as const;
export type RatioName = (typeof ratioNames)[number];

/** Medians over the rounds. */
export interface VariantFigure {
  readonly cpuSecondsPerMillion: number;
  /** The least and the most of the rounds. */
  readonly spread: readonly [number, number];
  readonly eventsPerSecond: number;
  readonly peakRssMb: number;
}

/** Of the ideal 1,000 events per collect and journal, by latencies and CPU share. */
export type Throughput = Readonly<Record<string, number | null>>;

export interface MemoryFigure {
  readonly peakRssMb: number;
  readonly batches: number;
  readonly answerMb: number;
}

export interface SplitterFigure {
  readonly mbPerSecond: number;
  readonly jsonParseMbPerSecond: number;
}
