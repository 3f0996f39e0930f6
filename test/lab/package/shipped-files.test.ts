import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packagedPage, shippedFiles } from '../../../lab/package/shipped-files.ts';
import { brokenLinks } from '../../page-links.ts';

const shipped = shippedFiles(join(import.meta.dirname, '../../..'));
const pages = new Map([...shipped].filter(([path]) => path.endsWith('.md')));
/** Without the records of how it came to be so. */
const operators = [...pages].filter(([path]) => !/^(CHANGELOG\.md|docs\/decisions\/)/.test(path));

describe('the pages that the package ships', () => {
  test('are those of an operator, and have no pictures that are not there', () => {
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining(['README.md', 'docs/deploy.md', 'docs/runbook.md', 'docs/commands.md']),
    );
    expect([...shipped.keys()].filter((path) => /\.(png|ts)$|contributing/.test(path))).toEqual([]);
  });

  test('link to files and headings that are shipped too', () => {
    const exists = (path: string): boolean =>
      [...shipped.keys()].some((each) => each === path || each.startsWith(path.replace(/\/?$/, '/')));

    expect([...pages.values()].join('').match(/\]\((?!http)/g)?.length).toBeGreaterThan(100);
    expect(brokenLinks(pages, exists)).toEqual([]);
  });

  test('say of every path that the package has not that it is one of a clone', () => {
    expect(
      operators.flatMap(([path, text]) => unexplained(text).map((named) => `${path}: ${named}`)),
    ).toEqual([]);
  });

  test('name no script and no faults that only a clone has, but where they say so', () => {
    // In the table of commands each flag says it.
    const others = operators.filter(([path, text]) => path !== 'docs/commands.md' && !ofClone(headOf(text)));
    const lines = others.flatMap(([path, text]) => text.split('\n').map((line) => `${path}: ${line}`));

    expect(lines.filter((line) => /\bnpm run |--faults /.test(line) && !ofClone(line))).toEqual([]);
    expect(pages.get('docs/commands.md')).not.toMatch(/^#+ npm run/m);
  });
});

describe('a page is packed', () => {
  const page = { path: 'docs/a.md', files: ['docs/a.md', 'docs/b/c.md', 'README.md'], repository: undefined };

  test('without what only a clone needs', () => {
    const text =
      'One.\n\n<!-- clone -->\n## Two\n\n<!-- /clone -->\n\nThree<!-- clone -->, or\nfour<!-- /clone -->.\n';

    expect(packagedPage(text, page)).toBe('One.\n\nThree.\n');
    expect(() => packagedPage('One.\n<!-- clone -->\n', page)).toThrow('docs/a.md: a mark');
  });

  test('with links to what is shipped, and words for the others', () => {
    const text = '[c](b/c.md#d) [b](b/) [r](../README.md) [e](#e) [w](https://w.test) [`x`](../infra/x.ts)\n';

    expect(packagedPage(text, page)).toBe(text.replace('[`x`](../infra/x.ts)', '`x`'));
  });

  test('with links to the repository, where its address is known', () => {
    const known = { ...page, repository: 'https://code.test/relay' };

    expect(packagedPage('[x](../infra/x.ts#y), [i](../infra/)\n', known)).toBe(
      '[x](https://code.test/relay/blob/main/infra/x.ts#y), [i](https://code.test/relay/tree/main/infra/)\n',
    );
  });

  test('with its code as it stands', () => {
    const text = '```md\n[x](../infra/x.ts)\n```\n';

    expect(packagedPage(text, page)).toBe(text);
  });
});

/** Paths of the repository in a page's code of which neither the paragraph nor the page's head speaks as a clone's. */
function unexplained(text: string): readonly string[] {
  if (ofClone(headOf(text))) return [];
  return text
    .split(/\n\s*\n/)
    .filter((paragraph) => !ofClone(paragraph))
    .flatMap((paragraph) => [
      ...paragraph.matchAll(/`((?:infra|functions|local|cli|lab|test|packages)\/[^`\s]+)`/g),
    ])
    .map(([, path]) => path!);
}

/** The first paragraphs, before any second heading. */
function headOf(text: string): string {
  return text.split(/^## /m, 1)[0]!;
}

function ofClone(text: string): boolean {
  return /\bclone\b/.test(text);
}
