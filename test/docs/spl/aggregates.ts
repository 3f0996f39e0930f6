import { known, type Row, SearchRefused, type Value } from './rows.ts';
import type { Tokens } from './tokens.ts';

/** One column of `stats` or `timechart`. */
export interface Aggregate {
  readonly name: string;
  of(rows: readonly Row[]): Value;
}

/** Reads `count, dc(event_id) as distinct by …` up to `by`; commas may be left out. */
export function aggregates(tokens: Tokens, names: ReadonlySet<string>): readonly Aggregate[] {
  const read: Aggregate[] = [];
  while (tokens.peek() !== undefined && tokens.peek()!.toLowerCase() !== 'by') {
    const aggregate = oneAggregate(tokens, names);
    read.push(tokens.take('as') ? { ...aggregate, name: tokens.next() } : aggregate);
    tokens.take(',');
  }
  if (read.length === 0) throw new SearchRefused('there is nothing to count');
  return read;
}

function oneAggregate(tokens: Tokens, names: ReadonlySet<string>): Aggregate {
  const word = tokens.next();
  if (word === 'count' && tokens.peek() !== '(') return { name: 'count', of: (rows) => rows.length };
  const percent = /^perc(\d{1,2})$/.exec(word)?.[1];
  if (word !== 'dc' && percent === undefined)
    throw new SearchRefused(`the function ${word} of stats is not known`);
  tokens.expect('(');
  const field = known(tokens.next(), names);
  tokens.expect(')');
  const values = (rows: readonly Row[]) => rows.flatMap(({ fields }) => fields.get(field) ?? []);
  return {
    name: `${word}(${field})`,
    of: (rows) =>
      percent === undefined
        ? new Set(values(rows)).size
        : percentile(values(rows).map(Number), Number(percent)),
  };
}

/** The nearest rank. Splunk's own is an estimate, which is the same where many values are equal. */
function percentile(values: readonly number[], percent: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil((values.length * percent) / 100) - 1]!;
}

/** Rows by the values of the fields. A row that lacks one of them is in no group. */
export function grouped(
  rows: readonly Row[],
  by: readonly string[],
): readonly { readonly key: readonly Value[]; readonly rows: readonly Row[] }[] {
  const whole = rows.filter(({ fields }) => by.every((name) => fields.has(name)));
  const groups = Map.groupBy(whole, ({ fields }) => JSON.stringify(by.map((name) => fields.get(name))));
  return [...groups].map(([key, members]) => ({ key: JSON.parse(key) as readonly Value[], rows: members }));
}
