import { throughputNames } from './measure-throughput.ts';
import { type BenchResult, ratioNames, type VariantFigure } from './result.ts';
import { variantNames } from './variants.ts';

/** The members that `--json` promises, in their order. Each is always there, and null where it was not measured. */
export function jsonLine({ comparison, throughput, splitter, views, ...arithmetic }: BenchResult): string {
  return JSON.stringify({
    variants: filled(variantNames, (name) => figureOf(comparison?.variants[name])),
    ratios: filled(ratioNames, (name) => comparison?.ratios[name]),
    throughputToIdeal: filled(throughputNames, (name) => throughput?.[name]),
    billedToRaw: arithmetic.billedToRaw,
    dollarsPerMillion: arithmetic.dollarsPerMillion,
    splitter: filled(['mbPerSecond', 'jsonParseMbPerSecond'] as const, (name) => splitter?.[name]),
    views: filled(['viewToPlain', 'viewToParse', 'shapeToPlain'] as const, (name) => views?.[name]),
  });
}

function filled<Name extends string>(names: readonly Name[], of: (name: Name) => unknown): object {
  return Object.fromEntries(names.map((name) => [name, of(name) ?? null]));
}

/** The spread is for the table and the file alone. */
function figureOf(figure: VariantFigure | null | undefined): object | null {
  if (figure === null || figure === undefined) return null;
  const { cpuSecondsPerMillion, eventsPerSecond, peakRssMb } = figure;
  return { cpuSecondsPerMillion, eventsPerSecond, peakRssMb };
}
