import { count, durationText, tableWithin, wrapped } from '../../cli/text.ts';
import { bytes } from './byte-text.ts';
import { acceptedBy, type StreamOutcome } from './report.ts';

/**
 * One stream's result for people: a line about the source, then a row per destination.
 *
 * Where the whole table is wider than the terminal, figures that are 0 at every destination are left out, except the missing
 * events, and then what Firehose was put; where it still is too wide, each row becomes a paragraph.
 */
export function resultTable(outcome: StreamOutcome, options: TableOptions): string {
  const { columns = Number.POSITIVE_INFINITY, colour } = options;
  const all = figuresOf(outcome);
  const telling = all.filter(
    ({ isAlwaysShown, texts }) => isAlwaysShown || texts.some((text) => text !== '0'),
  );
  const ofEvents = telling.filter(({ title }) => !puts.includes(title));
  const tables = [all, telling, ofEvents].map((figures) => rowsOf(outcome, figures));
  const rows = tables.find((each) => widthOf(each) <= columns) ?? rowsOf(outcome, telling);
  const [first = '', ...rest] = wrapped(headingOf(outcome, options), columns).split('\n');
  const heading = [bold(first, outcome.type, colour), ...rest].join('\n');
  return `${heading}\n${tableWithin(columns, rows)}`;
}

export interface TableOptions {
  readonly colour: boolean;
  /** Of the terminal; absent where the text goes to none, and may be as wide as it is. */
  readonly columns?: number | undefined;
  /** The most memory that a process of the collector has held; 0 where it is unknown. */
  readonly maxRssMb: number;
}

/** `cis relay-cis: 10 generated, 14 collected, 4 of them again, 10 journaled in 2 batches, 12 KiB` */
function headingOf(outcome: StreamOutcome, { maxRssMb }: TableOptions): string {
  const { comparison, collected, generatedKnown } = outcome;
  const again = generatedKnown ? comparison.collected - comparison.journaled - comparison.unjournaled : 0;
  const unjournaled =
    comparison.unjournaled === 0 ? '' : ` (${count(comparison.unjournaled)} delivered without a journal)`;
  const parts = [
    ...(generatedKnown ? [`${count(comparison.generated)} generated`] : []),
    `${count(comparison.collected)} collected`,
    ...(again > 0 ? [`${count(again)} of them again`] : []),
    `${count(comparison.journaled)} journaled${unjournaled} in ` +
      `${count(collected.batches)} ${collected.batches === 1 ? 'batch' : 'batches'}`,
    bytes(collected.sourceBytes),
  ];
  const memory = maxRssMb > 0 ? `; collector up to ${Math.round(maxRssMb)} MB` : '';
  return `${outcome.type} ${outcome.id}: ${parts.join(', ')}${memory}`;
}

/** A column of the table. */
interface Figure {
  readonly title: string;
  /** A text for each destination. */
  readonly texts: readonly string[];
  readonly isAlwaysShown?: boolean;
}

function figuresOf(outcome: StreamOutcome): readonly Figure[] {
  const { destinations } = outcome.comparison;
  const numbers = (name: 'delivered' | 'missing' | 'duplicates' | 'quarantined' | (typeof ages)[number]) => ({
    title: name,
    texts: destinations.map((destination) => count(destination[name])),
  });
  const accepted = destinations.map(({ name }) => acceptedBy(outcome, name));
  return [
    { ...numbers('delivered'), isAlwaysShown: true },
    { ...numbers('missing'), isAlwaysShown: true },
    ...ages
      .filter((name) => destinations.some((destination) => destination[name] > 0))
      .map((name) => numbers(name)),
    numbers('duplicates'),
    numbers('quarantined'),
    { title: 'records', texts: accepted.map(({ records }) => count(records)) },
    { title: 'bytes put', texts: accepted.map(({ rawBytes }) => bytes(rawBytes)) },
    { title: 'billed', texts: accepted.map(({ billedBytes }) => bytes(billedBytes)) },
    {
      title: 'lag',
      texts: destinations.map(({ longestWaitMs }) =>
        longestWaitMs === undefined ? '-' : durationText(longestWaitMs),
      ),
    },
  ];
}

/** Figures that say what Firehose was put, and not where events are. */
const puts: readonly string[] = ['records', 'bytes put', 'billed'];

const ages = ['dropped', 'late', 'erased', 'redated'] as const;

/** The title and a row for each destination; figures stand at the right of their columns. */
function rowsOf({ comparison }: StreamOutcome, figures: readonly Figure[]): readonly (readonly string[])[] {
  const titled = figures.map(({ title, texts }) => {
    const cells = [title, ...texts];
    const widest = Math.max(...cells.map(({ length }) => length));
    return cells.map((cell) => cell.padStart(widest));
  });
  const names = comparison.destinations.map(({ name, kind }) => (name === kind ? kind : `${name} (${kind})`));
  return ['to', ...names].map((name, row) => [name, ...titled.map((cells) => cells[row]!)]);
}

function widthOf([head = [], ...rows]: readonly (readonly string[])[]): number {
  const first = Math.max(...[head, ...rows].map(([name = '']) => name.length));
  return head.slice(1).reduce((sum, { length }) => sum + 2 + length, first);
}

function bold(line: string, word: string, colour: boolean): string {
  return colour && line.startsWith(word) ? `\u001b[1m${word}\u001b[22m${line.slice(word.length)}` : line;
}
