import { commands } from './commands.ts';
import { namesOf, type Row, SearchRefused, type Value } from './rows.ts';
import { tokensOf } from './tokens.ts';

/** What a search gives. */
export interface Found {
  readonly rows: readonly Readonly<Record<string, Value>>[];
  /** The events that `collect` adds to an index; none without it. */
  readonly collected: readonly Row[];
}

/**
 * Runs a search over every event of the indexes.
 *
 * @param now seconds since the epoch
 * @throws {SearchRefused} where it names a command, function, option or field that is not known
 */
export function runSearch(search: string, events: readonly Row[], now: number): Found {
  const [terms = '', ...pipe] = search.split(/\|(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim());
  let table = commands.search!({ rows: events, names: namesOf(events) }, terms, now);
  const collected: Row[] = [];
  for (const [at, part] of pipe.entries()) {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(part) ?? [];
    if (name === 'collect' && at === pipe.length - 1) collected.push(...collect(table.rows, rest, now));
    else if (Object.hasOwn(commands, name)) table = commands[name]!(table, rest, now);
    else throw new SearchRefused(`the command ${name} is not known here`);
  }
  return { rows: table.rows.map(({ fields }) => Object.fromEntries(fields)), collected };
}

/**
 * The events of `collect`. In the form of HTTP Event Collector each field is one of the index; in the default form
 * Splunk writes `_raw` and reads it anew, so every other field is lost.
 */
function collect(rows: readonly Row[], text: string, now: number): readonly Row[] {
  const tokens = tokensOf(text);
  const options = new Map<string, string>();
  while (tokens.peek() !== undefined) {
    const name = tokens.next();
    if (name !== 'index' && name !== 'output_format')
      throw new SearchRefused(`the option ${name} of collect is not known`);
    tokens.expect('=');
    options.set(name, tokens.next());
  }
  const index = options.get('index');
  if (index === undefined) throw new SearchRefused('collect has no index');
  return rows.map(({ fields }) => {
    const kept = options.get('output_format') === 'hec' ? [...fields] : own(fields);
    return {
      fields: new Map<string, Value>([...kept, ['index', index], ['_indextime', now]]),
      indexed: new Set([...kept.map(([name]) => name), 'index']),
    };
  });
}

function own(fields: ReadonlyMap<string, Value>): readonly (readonly [string, Value])[] {
  return ['_raw', '_time'].map((name) => [name, fields.get(name)!] as const);
}
