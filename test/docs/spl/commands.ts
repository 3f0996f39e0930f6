import { aggregates, grouped } from './aggregates.ts';
import { evalExpression, pathsIn } from './eval-expression.ts';
import { known, namesOf, type Row, SearchRefused, type Table, type Value } from './rows.ts';
import { searchTerms } from './search-terms.ts';
import { fieldList, type Tokens, tokensOf } from './tokens.ts';

export type Command = (table: Table, text: string, now: number) => Table;

/** Each command of a pipe by its name, but for `collect`. */
export const commands: Readonly<Record<string, Command>> = {
  search: ({ rows, names }, text, now) => ({ rows: rows.filter(searchTerms(text, names, now)), names }),

  dedup: ({ rows, names }, text) => {
    const fields = fieldList(tokensOf(text)).map((name) => known(name, names));
    return { rows: grouped(rows, fields).map((group) => group.rows[0]!), names };
  },

  eval: ({ rows, names }, text) => {
    const tokens = tokensOf(text);
    const target = tokens.next();
    tokens.expect('=');
    const seen = new Set<string>();
    const value = evalExpression(tokens, names, seen);
    ended(tokens);
    const evaluated = rows.map((row) => withField(row, target, value(row)));
    for (const path of pathsIn(text).filter((wanted) => !seen.has(wanted)))
      throw new SearchRefused(`no event has a value at ${path}`);
    return { rows: evaluated, names: new Set([...names, target]) };
  },

  stats: ({ rows, names }, text) => {
    const tokens = tokensOf(text);
    const columns = aggregates(tokens, names);
    const by = tokens.take('by') ? fieldList(tokens).map((name) => known(name, names)) : [];
    return result(
      grouped(rows, by).map((group) => [
        ...by.map((name, at) => [name, group.key[at]!] as const),
        ...columns.map(({ name, of }) => [name, of(group.rows)] as const),
      ]),
      [...by, ...columns.map(({ name }) => name)],
    );
  },

  sort: ({ rows, names }, text) => {
    const tokens = tokensOf(text);
    const sign = tokens.take('-') ? -1 : 1;
    const field = known(tokens.next(), names);
    ended(tokens);
    const ordered = rows.toSorted(
      (one, other) => sign * (Number(one.fields.get(field)) - Number(other.fields.get(field))),
    );
    // Without a number of rows `sort` gives 10,000.
    return { rows: ordered.slice(0, 10_000), names };
  },

  timechart: ({ rows, names }, text) => {
    const tokens = tokensOf(text);
    tokens.expect('span');
    tokens.expect('=');
    const span = tokens.next();
    if (span !== '1h') throw new SearchRefused(`the span ${span} of timechart is not known`);
    const columns = aggregates(tokens, names);
    tokens.expect('by');
    const split = known(tokens.next(), names);
    ended(tokens);
    const hours = Map.groupBy(rows, ({ fields }) => Math.floor(Number(fields.get('_time')) / 3_600));
    return result(
      [...hours].map(([hour, ofHour]) => [
        ['_time', hour * 3_600] as const,
        ...grouped(ofHour, [split]).flatMap((group) =>
          columns.map(({ name, of }) => [`${name}: ${group.key[0]}`, of(group.rows)] as const),
        ),
      ]),
    );
  },
};

function ended(tokens: Tokens): void {
  if (tokens.peek() !== undefined) throw new SearchRefused(`${tokens.peek()} stands after the command's end`);
}

function withField(row: Row, name: string, value: Value | undefined): Row {
  const fields = new Map(row.fields);
  if (value === undefined) fields.delete(name);
  else fields.set(name, value);
  return { fields, indexed: row.indexed };
}

/** A table of results, which keeps nothing of the events. */
function result(rows: readonly (readonly (readonly [string, Value])[])[], names?: readonly string[]): Table {
  const made = rows.map((fields) => ({ fields: new Map(fields), indexed: new Set<string>() }));
  return { rows: made, names: names === undefined ? namesOf(made) : new Set(names) };
}
