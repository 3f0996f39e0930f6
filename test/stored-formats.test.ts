import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { spelledFormats } from './stored-formats.ts';

const root = join(import.meta.dirname, '..');
/** Holds what the settings' comments say, as texts, and nothing that is read or written as a key. */
const writtenFromComments = 'cli/init/destination-choices.ts';

test('functions/stored/ alone spells the keys, prefixes, item names and metadata of stored things', () => {
  const paths = globSync('{functions,infra,cli,local,packages,lab}/**/*.ts', {
    cwd: root,
    exclude: (name) => name === 'node_modules' || name === 'test',
  }).map((path) => path.replaceAll('\\', '/'));
  const others = paths.filter(
    (path) => !path.startsWith('functions/stored/') && path !== writtenFromComments,
  );

  expect(others.length).toBeGreaterThan(100);
  expect(others.flatMap((path) => spelledFormats(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
});

/** Lines of a source file. */
test.each([
  `const key = \`journal/\${stream}/\`;`,
  "const key = 'quarantine/' + stream;",
  "const folders = ['backup/', name];",
  `const key = \`replayed/backup/\${stream}/\`;`,
  'const found = /^delivered\\/([^/]+)/.exec(key);',
  "const key = { stream: { S: name }, item: { S: 'META' } };",
  "if (item.startsWith('OPEN#')) return;",
  "const values = { ':open': { S: 'OPEN' } };",
  `const key = \`RUN#\${start}#\${run}\`;`,
  "const time = Number(metadata['collected-at']);",
  "const encoding = headers['x-amz-meta-encoding'];",
  "bucket.list(folder + 'recovered-');",
  "table.update(key, { update: 'SET sealAfter = :at' });",
])('the rule notices %s', (source) => {
  expect(spelledFormats('cli/example.ts', source)).toHaveLength(1);
});

test.each([
  "import { scan } from './journal/scan.ts';",
  '/** Objects under `backup/` that hold it. */',
  '  // Told by `OPEN#`, which is no more.',
  "const head = ['LEASE', 'OPEN'];",
  "throw new Error('the journal of the stream is gone');",
  'const sealAfter = now + marginMs;',
])('and lets pass %s', (source) => {
  expect(spelledFormats('cli/example.ts', source)).toEqual([]);
});
