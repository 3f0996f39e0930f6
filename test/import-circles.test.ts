import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importCircles } from './import-circles.ts';

const root = join(import.meta.dirname, '..');

test('no file of the repository is in an import circle, type imports included', () => {
  const paths = globSync('{content,infra,functions,cli,local,packages,lab,test}/**/*.ts', {
    cwd: root,
    exclude: (name) => name.endsWith('node_modules'),
  });

  expect(paths.length).toBeGreaterThan(500);
  expect(importCircles(sourcesOf(paths))).toEqual([]);
});

test.each([
  [
    'two files',
    { 'a.ts': "import { b } from './b.ts';", 'b.ts': "import { a } from './a.ts';" },
    'a.ts b.ts',
  ],
  [
    'a type import',
    { 'a.ts': "import { b } from './b.ts';", 'b.ts': "import type { A } from './a.ts';" },
    'a.ts b.ts',
  ],
  [
    'three files in other folders',
    {
      'x/a.ts': "export * from '../y/b.ts';",
      'y/b.ts': "import {\n  c,\n} from './c.ts';",
      'y/c.ts': "const a = await import('../x/a.ts');",
    },
    'x/a.ts y/b.ts y/c.ts',
  ],
  [
    "a package's face",
    {
      'packages/one/index.ts': "export { a } from './a.ts';",
      'packages/one/a.ts': "import { b } from '@mosaic-relay/one';",
    },
    'packages/one/a.ts packages/one/index.ts',
  ],
])('the rule notices a circle of %s', (_, sources, circle) => {
  expect(importCircles(new Map(Object.entries(sources)))).toEqual([circle.split(' ')]);
});

test('and lets a file pass that is imported in several ways', () => {
  const sources = {
    'a.ts': "import { b } from './b.ts';\nimport { c } from './c.ts';\nimport { x } from 'a';",
    'b.ts': "import { d } from './d.ts';",
    'c.ts': "import { d } from './d.ts';",
    'd.ts': "// import { a } from './a.ts';\nimport { readFileSync } from 'node:fs';",
  };

  expect(importCircles(new Map(Object.entries(sources)))).toEqual([]);
});

function sourcesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}
