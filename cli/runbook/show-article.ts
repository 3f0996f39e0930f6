import type { LogGroup } from '../logs/log-groups.ts';
import { ageText, indented, type Paint } from '../text.ts';
import { type Article, articleParts } from './article.ts';
import { type Figures, isRed } from './figures.ts';
import type { AlarmSubject } from './named-alarm.ts';

/** An article with what it is about today. */
export interface FilledArticle extends Article {
  readonly figures: readonly Figures[];
  readonly logGroups: readonly LogGroup[];
  /** The commands that the article names, ready to be typed, the first one first. */
  readonly commands: readonly string[];
}

/**
 * Puts today's names into an article: stage, stream and destination, and lists its commands with the flags that name the relay. Where
 * several streams or destinations are meant, their names stay open.
 */
export function filled(
  article: Article,
  names: { readonly stage: string; readonly subject: AlarmSubject | undefined; readonly address: string },
): Article & Pick<FilledArticle, 'commands'> {
  const { stage, subject, address } = names;
  const commands = new Set<string>();
  const fill = (markdown: string): string => {
    const text = [
      ['<stage>', stage],
      ['<stream>', subject?.stream?.name],
      ['<destination>', subject?.destination],
      ['<name>', subject?.destination],
    ].reduce((all, [open = '', name]) => (name === undefined ? all : all.replaceAll(open, name)), markdown);
    for (const [, typed = ''] of text.matchAll(/`(npx relay [^`]+)`/g)) {
      const isOpen = typed.includes('--stream') || subject?.stream === undefined;
      commands.add(`${typed}${isOpen ? '' : ` --stream ${subject.stream.label}`} ${address}`);
    }
    return text;
  };
  const { Means, See, Do, Over } = article.parts;
  const parts = { See: fill(See), Means: fill(Means), Do: fill(Do), Over: fill(Over) };
  return { ...article, parts, commands: [...commands] };
}

/** The article for a terminal. A command has a line of its own, which is never broken. */
export function articleText(
  article: FilledArticle,
  { now, paint, columns }: { readonly now: number; readonly paint: Paint; readonly columns: number },
): string {
  const text = (paragraph: string): string => indented(plain(paragraph), { by: 2, columns });
  return [
    `${paint(article.alarm, 'bold')}, ${article.severity}: ${article.summary}`,
    ...article.figures.map((one) =>
      [
        paint(`${one.title}: ${stateText(one, now)}`, isRed(one) ? 'red' : 'bold'),
        ...one.said.map((said) => text(said)),
      ].join('\n'),
    ),
    ...articleParts.map((part) => [paint(part, 'bold'), text(article.parts[part])].join('\n')),
    section('Commands', article.commands, paint),
    section(
      'Log groups',
      article.logGroups.map(({ name, writer }) => `${name}  (${writer})`),
      paint,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function section(title: string, lines: readonly string[], paint: Paint): string {
  return lines.length === 0 ? '' : [paint(title, 'bold'), ...lines.map((line) => `  ${line}`)].join('\n');
}

function stateText({ red }: Figures, now: number): string {
  if (red === undefined) return 'these credentials may not read alarms';
  if (red === 'no') return 'not red now';
  return red.since === undefined ? 'red' : `red for ${ageText(now - red.since)}`;
}

/** Markdown as a terminal shows it. */
function plain(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').replaceAll('**', '');
}
