import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('no source file is longer than 250 lines', () => {
  const paths = globSync('{content,infra,functions,cli,local,packages,lab}/**/*.ts', {
    cwd: root,
    exclude: (name) => name.endsWith('node_modules') || /(?:^|\/)test$/.test(name),
  });
  const lengths = paths.map((path) => ({
    path,
    lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1,
  }));

  expect(lengths.length).toBeGreaterThan(500);
  expect(lengths.filter(({ lines }) => lines > 250)).toEqual([]);
});
