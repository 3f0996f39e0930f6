import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { brokenLinks } from './page-links.ts';

const root = join(import.meta.dirname, '..');

test('every link of a page to a file of the repository, and to a heading in it, leads there', () => {
  const paths = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'content/**/*.md'], { cwd: root });
  const pages = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

  expect(pages.size).toBeGreaterThan(10);
  expect(brokenLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
});
