import { readFileSync } from 'node:fs';
import { type AlarmName, alarmSeverities, type Severity } from '../../infra/config/alarm-names.ts';
import { shippedFile } from '../access/shipped-file.ts';

/** The parts of an article of `docs/runbook.md`, in their order there. */
export const articleParts = ['Means', 'See', 'Do', 'Over'] as const;
export type ArticlePart = (typeof articleParts)[number];

/** The article of one alarm, in Markdown, without the samples of output. */
export interface Article {
  readonly alarm: AlarmName;
  readonly severity: Severity;
  /** A few words on what the alarm says: `runs fail`. */
  readonly summary: string;
  readonly parts: Readonly<Record<ArticlePart, string>>;
}

/** Reads the article of an alarm. @throws {Error} where the page lacks it, or one of its parts */
export function readArticle(alarm: AlarmName, page = runbookPage()): Article {
  const [, article] = page.split(new RegExp(`^### ${alarm}$`, 'm'));
  const summary = new RegExp(`^- \\[${alarm}\\]\\(#\\w+\\), \\w+: (.+)$`, 'm').exec(page)?.[1];
  if (article === undefined || summary === undefined) throw new Error(`docs/runbook.md lacks ${alarm}`);
  const text = article
    .split(/^##/m)[0]!
    .replaceAll(/^```[\s\S]*?^```$/gm, '')
    .replaceAll(/<!--.*?-->/g, '');
  const partOf = (part: ArticlePart): string => {
    const [, found] =
      new RegExp(`^\\*\\*${part}\\*\\* ([\\s\\S]*?)(?=^\\*\\*\\w+\\*\\* |$(?![\\s\\S]))`, 'm').exec(text) ??
      [];
    if (found === undefined) throw new Error(`docs/runbook.md: the article ${alarm} lacks ${part}`);
    return found.replaceAll(/\s+/g, ' ').trim();
  };
  return {
    alarm,
    severity: alarmSeverities[alarm],
    summary,
    parts: { Means: partOf('Means'), See: partOf('See'), Do: partOf('Do'), Over: partOf('Over') },
  };
}

function runbookPage(): string {
  return readFileSync(shippedFile('docs/runbook.md'), 'utf8');
}
