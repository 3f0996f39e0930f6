import { type Path, pathTo } from './problems.ts';

/**
 * Of the settings of a stage as they are written, a line for each value that is an example: an account, address or
 * bucket of the documentation, which is nobody's or somebody else's. Tags may say anything.
 */
export function exampleValues(written: unknown, path: Path): readonly string[] {
  return textsIn(written, [])
    .filter(({ keys }) => keys[0] !== 'tags')
    .flatMap(({ keys, value }) => {
      const example = examples.find(({ pattern }) => pattern.test(value));
      return example === undefined
        ? []
        : [
            `${pathTo(path, keys)}: '${value}' is an example (${example.what}); give your own before you deploy`,
          ];
    });
}

/** @see RFC 2606, "Reserved Top Level DNS Names": nobody can have these; the account is the one of AWS's documentation */
const examples: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "the account 111122223333 of AWS's documentation", pattern: /(^|:)111122223333(:|$)/ },
  { what: 'a host that nobody can have', pattern: /(^|[/.@-])example(\.(com|org|net))?([/:]|$)/ },
  { what: 'a host of docs and settings here', pattern: /\/\/example\.|[/.-]example\.splunkcloud\.com\b/ },
  { what: 'a bucket of the settings here', pattern: /^example-/ },
  { what: 'a rule that nobody has', pattern: /^dcr-0{32}$/ },
  { what: 'the project 123456789012', pattern: /\/projects\/123456789012\// },
];

interface Written {
  readonly keys: readonly PropertyKey[];
  readonly value: string;
}

function textsIn(value: unknown, keys: readonly PropertyKey[]): readonly Written[] {
  if (typeof value === 'string') return [{ keys, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((each, index) => textsIn(each, [...keys, index]))
    : Object.entries(value).flatMap(([key, each]) => textsIn(each, [...keys, key]));
}
