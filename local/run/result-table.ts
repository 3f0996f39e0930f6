import Table from 'cli-table3';
import { count, durationText } from '../../cli/text.ts';
import { bytes } from './byte-text.ts';
import { acceptedBy, type StreamOutcome } from './report.ts';

/** One stream's result for people: a line about the source, then a row per destination. */
export function resultTable(outcome: StreamOutcome, options: TableOptions): string {
  const { comparison, collected } = outcome;
  const ages = (['dropped', 'late', 'redated'] as const).filter((figure) =>
    comparison.destinations.some((destination) => destination[figure] > 0),
  );
  const table = new Table({
    head: [
      'to',
      'delivered',
      'missing',
      ...ages,
      'duplicates',
      'quarantined',
      'records',
      'bytes put',
      'billed',
      'lag',
    ],
    colAligns: ['left', ...Array.from({ length: 8 + ages.length }, () => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const destination of comparison.destinations) {
    const accepted = acceptedBy(outcome, destination.name);
    table.push([
      destination.name === destination.kind ? destination.kind : `${destination.name} (${destination.kind})`,
      count(destination.delivered),
      count(destination.missing),
      ...ages.map((figure) => count(destination[figure])),
      count(destination.duplicates),
      count(destination.quarantined),
      count(accepted.records),
      bytes(accepted.rawBytes),
      bytes(accepted.billedBytes),
      destination.longestWaitMs === undefined ? '-' : durationText(destination.longestWaitMs),
    ]);
  }
  const generated = outcome.generatedKnown ? `${count(comparison.generated)} generated, ` : '';
  const unjournaled =
    comparison.unjournaled === 0 ? '' : ` (${count(comparison.unjournaled)} delivered without a journal)`;
  const heading =
    `${bold(outcome.type, options.colour)} ${outcome.id}: ${generated}${count(comparison.collected)} collected, ` +
    `${count(comparison.journaled)} journaled${unjournaled} in ` +
    `${count(collected.batches)} ${collected.batches === 1 ? 'batch' : 'batches'}, ${bytes(collected.sourceBytes)}`;
  const memory = options.maxRssMb > 0 ? `; collector up to ${Math.round(options.maxRssMb)} MB` : '';
  return `${heading}${memory}\n${table.toString()}`;
}

export interface TableOptions {
  readonly colour: boolean;
  /** The most memory that a process of the collector has held; 0 where it is unknown. */
  readonly maxRssMb: number;
}

function bold(text: string, colour: boolean): string {
  return colour ? `\u001b[1m${text}\u001b[22m` : text;
}
