import type { VariantName } from './variants.ts';

/** The results of one run of the benchmark; null or undefined stands for a figure that could not be measured here. */
export interface BenchResult {
  readonly quick: boolean;
  readonly comparison: BenchComparison | undefined;
  readonly throughput: Throughput | undefined;
  readonly memory: MemoryFigure | undefined;
  readonly splitter: SplitterFigure | null;
  readonly views: ViewsFigure | null;
  /** Billed bytes over the bytes of the lines as sent, by kilobytes an event. */
  readonly billedToRaw: Readonly<Record<string, number>>;
  /** Billed bytes over the events' own bytes; for the table and the file alone. */
  readonly billedToReceived: Readonly<Record<string, number>>;
  readonly dollarsPerMillion: { readonly packed: number; readonly compressed: number };
}

export interface BenchComparison {
  readonly rounds: number;
  readonly variants: Readonly<Record<VariantName, VariantFigure | null>>;
  readonly ratios: Readonly<Record<RatioName, number | null>>;
  /** Bytes that the relay logs in one round. */
  readonly logBytesPerRun: number | null;
}

/** Ratios of CPU seconds. `gzipToRelay` compares a source that answers in gzip with one that does not. */
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

/** The share of the ideal 1,000 events per collect and journal, by latencies and CPU share. */
export type Throughput = Readonly<Record<string, number | null>>;

export interface MemoryFigure {
  readonly peakRssMb: number;
  readonly batches: number;
  readonly answerMb: number;
}

/** CPU milliseconds for an answer of 1,000 events: cut, seen, and written as records. */
export interface ViewsFigure {
  readonly rounds: number;
  /** Without a view. */
  readonly plainMs: number;
  /** By a view of ten rules, with keyed ids. */
  readonly viewMs: number;
  /** The same where no value comes again, so that each pseudonym is made. */
  readonly viewOfNewValuesMs: number;
  /** In the shape of OCSF 1.5, with `raw_data`, without a view. */
  readonly shapeMs: number;
  /** `JSON.parse`, `delete`, `JSON.stringify` and its bytes, alone. */
  readonly parseMs: number;
  readonly viewToPlain: number;
  readonly viewToParse: number;
  readonly shapeToPlain: number;
}

export interface SplitterFigure {
  readonly mbPerSecond: number;
  readonly jsonParseMbPerSecond: number;
}
