import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A block of code of a page, without the indentation of a list. */
export interface CodeBlock {
  readonly page: string;
  /** '' for a block that names none. */
  readonly language: string;
  readonly code: string;
}

export const pages: readonly { readonly page: string; readonly text: string }[] = globSync(
  ['*.md', 'docs/**/*.md', 'packages/*/README.md', 'content/**/*.md'],
  { cwd: root },
).map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }));

export const codeBlocks: readonly CodeBlock[] = pages.flatMap(({ page, text }) =>
  [...text.matchAll(/^( *)```(\S*)\n([\s\S]*?)^ *```$/gm)].map(([, indent, language, code]) => ({
    page,
    language: language!,
    code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  })),
);

/** The blocks of one language. */
export function blocksOf(language: string): readonly CodeBlock[] {
  return codeBlocks.filter((block) => block.language === language);
}
