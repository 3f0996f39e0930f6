import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drawImports, type Part } from './house-diagram.ts';
import { importsOf } from './source-imports.ts';

const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/architecture.md');

const folders = (names: readonly string[], below = ''): readonly Part[] =>
  names.map((name) => ({ name, holds: (path) => path.startsWith(`${below}${name}/`) }));

const house: readonly Part[] = [
  ...folders(['lab', 'local', 'cli', 'infra']),
  ...folders(['packages/cdk-loopback', 'packages/siem-receivers', 'packages/mosaic-simulator']),
  ...folders([
    'functions/collector',
    'functions/object-copier',
    'functions/stream-lifecycle',
    'functions/mosaic',
    'functions/stored',
  ]),
];

const collector: readonly Part[] = [
  { name: 'contract, budgets', holds: (path) => /^functions\/collector\/(contract|budgets)\.ts$/.test(path) },
  { name: 'handler, assemble', holds: (path) => /^functions\/collector\/[^/]+\.ts$/.test(path) },
  ...folders(['adapters', 'witness', 'protocol', 'delivery', 'views', 'answers'], 'functions/collector/'),
  ...folders(['functions/stored', 'functions/mosaic']),
];

test('docs/architecture.md draws the imports as they are (npx vitest run test/architecture.test.ts -u)', async () => {
  const paths = globSync('{functions,infra,local,cli,packages,lab}/**/*.ts', { cwd: root }).filter(
    (path) => !path.includes('/test/'),
  );
  const imports = paths.toSorted().flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')));
  let text = readFileSync(page, 'utf8');
  for (const [name, parts] of Object.entries({ house, collector })) {
    const drawn = ['```mermaid', drawImports(imports, parts), '```'].join('\n');
    text = text.replace(
      new RegExp(`(<!-- drawn: ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`),
      (_, before: string, after: string) => before + drawn + after,
    );
  }

  await expect(text).toMatchFileSnapshot(page);
});

test('a part that imports another gets an arrow, dotted if it imports types alone', () => {
  const parts = folders(['a', 'b', 'c']);
  const imports = [
    ...importsOf('a/one.ts', "import { x } from '../b/two.ts';\nimport type { Y } from '../c/three.ts';\n"),
    ...importsOf('b/two.ts', "import { z } from './four.ts';\nimport 'node:fs';\n"),
  ];

  expect(drawImports(imports, parts)).toBe(
    ['flowchart TD', '  p0["a"]', '  p1["b"]', '  p2["c"]', '  p0 --> p1', '  p0 -.-> p2'].join('\n'),
  );
});
