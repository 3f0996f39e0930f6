/** `2026-03-02 08:07 UTC` */
export function dateText(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A duration or an age: `412 ms`, `45 s`, `12 min`, `3.5 h`, `4 days`. */
export function durationText(ms: number): string {
  if (ms > 0 && ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${trimmed(seconds / 3_600)} h`;
  return `${trimmed(seconds / 86_400)} days`;
}

/** An age in words: `45 s`, `12 min`, `3 h 20 min`, `4 days 3 h`. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return `${Math.floor(hours / 24)} days${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

function trimmed(number: number): string {
  return number >= 10 ? String(Math.round(number)) : String(Math.round(number * 10) / 10);
}

/** `12,345` */
export function count(number: number): string {
  return number.toLocaleString('en-US');
}

/** `1 run`, `2 runs` */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** The width of running text on a terminal of so many columns. */
export function textWidth(columns: number): number {
  return Math.min(Math.max(columns, 60), 100);
}

/** A paragraph in lines that fit a terminal, each after so many spaces. */
export function indented(
  paragraph: string,
  { by, columns }: { readonly by: number; readonly columns: number },
): string {
  const lines = wrapped(paragraph, textWidth(columns) - by).split('\n');
  return lines.map((line) => ' '.repeat(by) + line).join('\n');
}

/** Columns as wide as their widest cell, two spaces apart; colour codes take no width. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A paragraph in lines of at most so many characters; a longer word has a line of its own. */
export function wrapped(paragraph: string, columns: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/**
 * A table where it fits into so many columns, and a paragraph for each row where it does not: a line for each cell that
 * says something, with the cell's title before it.
 */
export function tableWithin(columns: number, rows: readonly (readonly string[])[]): string {
  const whole = table(rows);
  if (whole.split('\n').every((line) => width(line) <= columns)) return whole;
  const [head = [], ...others] = rows;
  return others
    .map((cells) =>
      cells
        .flatMap((cell, index) =>
          index > 0 && width(cell) <= 1
            ? []
            : [`${index === 0 ? '' : '  '}${head[index]?.trim()}: ${cell.trim()}`],
        )
        .join('\n'),
    )
    .join('\n');
}

function width(cell: string): number {
  return cell.replace(colourCodes, '').length;
}

const escapeCode = String.fromCharCode(27);
const colourCodes = new RegExp(`${escapeCode}\\[\\d+m`, 'g');

const colours = { red: 31, yellow: 33, green: 32, dim: 2, bold: 1 } as const;
export type Paint = (text: string, colour: keyof typeof colours) => string;

/**
 * True if a terminal is to show colours: NO_COLOR, set to anything, and a terminal of the type `dumb` want none.
 *
 * @see https://no-color.org
 */
export function hasColours(isTerminal: boolean): boolean {
  return isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb';
}

/** Colours text where the terminal is to show colours, and leaves it as it is elsewhere. */
export function painter(isTerminal: boolean): Paint {
  const paints = hasColours(isTerminal);
  return (text, colour) => (paints ? `${escapeCode}[${colours[colour]}m${text}${escapeCode}[0m` : text);
}
