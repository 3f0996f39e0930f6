/**
 * A small evaluator of Splunk's search language, for the searches that the docs name and no others. What it does not
 * know, and each field that no delivered event has, it refuses by name.
 *
 * It follows the Search Reference (help.splunk.com, "Search commands", 9.4). It knows nothing of Splunk's limits, of
 * macros, lookups, subsearches and multivalue fields, and reads fields as `KV_MODE = json` would.
 */

export type Value = string | number;

/** One event or one row of a result. */
export interface Row {
  readonly fields: ReadonlyMap<string, Value>;
  /** Names of the fields that stand in the index, which `name::value` finds. A row of a result has none. */
  readonly indexed: ReadonlySet<string>;
}

/** Rows, and the names of the fields that they may have: those of every event of the indexes, found or not. */
export interface Table {
  readonly rows: readonly Row[];
  readonly names: ReadonlySet<string>;
}

/** A search that the evaluator refuses; the message names what it does not know. */
export class SearchRefused extends Error {}

export function namesOf(rows: readonly Row[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ fields }) => [...fields.keys()]));
}

/** @throws {SearchRefused} if no row can have the field */
export function known(name: string, names: ReadonlySet<string>): string {
  if (names.has(name)) return name;
  throw new SearchRefused(`no event has the field ${name}`);
}
