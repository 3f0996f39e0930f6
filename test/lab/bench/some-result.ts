import { billedToRaw, billedToReceived, dollarsPerMillion } from '../../../lab/bench/arithmetic.ts';
import type { BenchResult, VariantFigure } from '../../../lab/bench/result.ts';

/** A result in which everything was measured, but for the arithmetic with made-up figures. */
export function someResult(): BenchResult {
  return {
    quick: false,
    comparison: {
      rounds: 7,
      variants: {
        floor: figure(),
        relay: figure(),
        relayGzip: figure(),
        usualLambda: figure(),
        usualPacked: figure(),
        vendor: figure(),
      },
      ratios: {
        relayToFloor: 1.5,
        vendorToRelay: 5.5,
        usualToRelay: 2.5,
        usualPackedToRelay: 2.1,
        gzipToRelay: 1.2,
      },
      logBytesPerRun: 1_400,
    },
    throughput: { '150/30/40': 0.92, '300/40/60': 0.95, '150/30/40@512': 0.9, '300/40/60@512': 0.93 },
    memory: { peakRssMb: 190, batches: 600, answerMb: 3 },
    splitter: { mbPerSecond: 600, jsonParseMbPerSecond: 300 },
    views: {
      ...{ rounds: 25, plainMs: 6, viewMs: 11, viewOfNewValuesMs: 13, parseMs: 20 },
      ...{ viewToPlain: 1.83, viewToParse: 0.55, shapeMs: 8.1, shapeToPlain: 2.13 },
    },
    billedToRaw: billedToRaw(),
    billedToReceived: billedToReceived(),
    dollarsPerMillion: dollarsPerMillion(),
  };
}

/** What is left of it where neither the servers nor the cutter came up. */
export function failedResult(): BenchResult {
  return {
    ...someResult(),
    comparison: undefined,
    throughput: undefined,
    memory: undefined,
    splitter: null,
    views: null,
  };
}

function figure(): VariantFigure {
  return { cpuSecondsPerMillion: 15.8, spread: [14.7, 16.2], eventsPerSecond: 62_226, peakRssMb: 188 };
}
