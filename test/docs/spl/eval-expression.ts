import { valueAt } from './events.ts';
import { known, type Row, SearchRefused, type Value } from './rows.ts';
import type { Tokens } from './tokens.ts';

/** Absent for null. */
export type Expression = (row: Row) => Value | undefined;

/** Reads an expression of `eval`: fields, texts, `coalesce`, `spath`, and subtraction. */
export function evalExpression(tokens: Tokens, names: ReadonlySet<string>, seen: Set<string>): Expression {
  let value = operand(tokens, names, seen);
  while (tokens.take('-')) {
    const [left, right] = [value, operand(tokens, names, seen)];
    value = (row) => {
      const [one, other] = [left(row), right(row)];
      return one === undefined || other === undefined ? undefined : Number(one) - Number(other);
    };
  }
  return value;
}

function operand(tokens: Tokens, names: ReadonlySet<string>, seen: Set<string>): Expression {
  const word = tokens.next();
  if (word.startsWith('"')) return () => textOf(word);
  if (!/^[A-Za-z_]/.test(word)) throw new SearchRefused(`the operator ${word} of eval is not known`);
  if (!tokens.take('(')) {
    known(word, names);
    return ({ fields }) => fields.get(word);
  }
  if (!Object.hasOwn(functions, word)) throw new SearchRefused(`the function ${word} of eval is not known`);
  const given = [evalExpression(tokens, names, seen)];
  while (tokens.take(',')) given.push(evalExpression(tokens, names, seen));
  tokens.expect(')');
  return functions[word]!(given, seen);
}

const functions: Readonly<Record<string, (given: readonly Expression[], seen: Set<string>) => Expression>> = {
  coalesce: (given) => (row) => {
    for (const one of given) {
      const value = one(row);
      if (value !== undefined) return value;
    }
    return undefined;
  },
  spath: ([text, path, ...more], seen) => {
    if (text === undefined || path === undefined || more.length > 0)
      throw new SearchRefused('spath takes a text and a path');
    return (row) => {
      const [from, at] = [text(row), path(row)];
      const value = from === undefined || at === undefined ? undefined : valueAt(String(from), String(at));
      if (value !== undefined) seen.add(String(at));
      return value;
    };
  },
};

function textOf(quoted: string): string {
  return JSON.parse(quoted) as string;
}

/** The paths that a text gives to `spath`, each of which some event must have. */
export function pathsIn(text: string): readonly string[] {
  return [...text.matchAll(/\bspath\([^"()]*("(?:[^"\\]|\\.)*")/g)].map(([, path]) => textOf(path!));
}
