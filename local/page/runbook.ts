import { readFileSync } from 'node:fs';
import { shippedFile } from '../../cli/access/shipped-file.ts';
import { renderMarkdown } from './markdown.ts';

/** An article of the runbook as the page shows it. */
export interface Article {
  readonly title: string;
  readonly html: string;
}

/** Reads an article of `docs/runbook.md`. @param name an alarm's, or '' for the list of all @returns undefined where there is none */
export function runbookArticle(name: string): Article | undefined {
  articles ??= readArticles();
  return articles.get(name.toLowerCase());
}

let articles: ReadonlyMap<string, Article> | undefined;

function readArticles(): ReadonlyMap<string, Article> {
  const text = readFileSync(shippedFile('docs/runbook.md'), 'utf8').replaceAll(/<!--.*?-->/gs, '');
  const read = new Map<string, Article>();
  for (const [, , heading = '', body = ''] of text.matchAll(
    /^(#{2,3}) (.+)\n([\s\S]*?)(?=^#{2,3} |$(?![\s\S]))/gm,
  )) {
    const title = heading === 'Contents' ? 'Runbook' : `Runbook: ${heading}`;
    const name = heading === 'Contents' ? '' : heading.toLowerCase();
    // The list of all names them, so a heading that only groups articles is none.
    if (body.trim() !== '') read.set(name, { title, html: renderMarkdown(inPage(body)) });
  }
  return read;
}

/** Links between articles stay in the page. Other pages of the docs are named, since nothing here shows them. */
function inPage(markdown: string): string {
  return markdown
    .replaceAll(/\]\(#([\w-]+)\)/g, (_, name: string) => `](#runbook/${name})`)
    .replaceAll(/\[([^\]]+)\]\(([\w./-]+\.md)(#[\w-]+)?\)/g, (_, text: string, path: string) =>
      path.endsWith(text) ? `\`docs/${path}\`` : `${text} (\`docs/${path}\`)`,
    );
}
