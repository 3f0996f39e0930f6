import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';

const folder = join(import.meta.dirname, '../../infra/destinations');

/**
 * `cli/init/destination-choices.ts`, from each kind's example and from the words of its interface. `relay init` must not
 * load the kinds themselves: they load the CDK, which a machine has only after `npm install`.
 */
export function destinationChoicesFile(): string {
  const choices = Object.entries(destinationKinds).map(([kind, schema]) => {
    const example = (schema.meta()?.examples as readonly unknown[] | undefined)?.[0];
    if (example === undefined) throw new Error(`the kind ${kind} has no example: relay init writes it`);
    return { kind, ...described(kind), example };
  });
  return `// Generated from infra/destinations/ by "npm run docs". Edit the kinds there, and run it again.

import type { DestinationChoice } from './destination-choice.ts';

export const destinationChoices: readonly DestinationChoice[] = ${JSON.stringify(choices, null, 2)};
`;
}

/** The words of the kind's own interface. */
function described(kind: string) {
  const file = `${kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
  const source = readFileSync(join(folder, file), 'utf8');
  const found = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport interface \w+Settings [\s\S]*?\n\}/.exec(source);
  if (found === null) throw new Error(`${file} exports no interface of settings with a comment`);
  const [written, comment = ''] = found;
  const [about = '', page] = plain(comment).split(/ ?@see /);
  const fields = written.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {2}readonly (\w+)\??:/g);
  return {
    about,
    ...(page === undefined ? {} : { page }),
    says: Object.fromEntries(
      [...fields].filter(([, , name]) => name !== 'kind').map(([, text = '', name]) => [name, plain(text)]),
    ),
  };
}

/** A comment's text on one line. */
function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
