/** The code blocks of a page in one language, without their fences. */
export function blocksOf(page: string, language: string): readonly string[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .filter(([, of]) => of === language)
    .map(([, , block = '']) => block);
}

/**
 * A source with a unified diff's hunks applied, wherever their lines stand.
 *
 * @throws {Error} naming the first line of a hunk whose context is not in the source
 */
export function applied(diff: string, source: string): string {
  const hunks = diff
    .split(/^@@.*\n/m)
    .map((hunk) => hunk.split('\n').filter((line) => /^[-+ ](?!--|\+\+)/.test(line)))
    .filter((lines) => lines.length > 0);
  return hunks.reduce((text, lines) => {
    const side = (sign: string) =>
      lines
        .filter((line) => line.startsWith(sign) || line.startsWith(' '))
        .map((line) => `${line.slice(1)}\n`)
        .join('');
    const before = side('-');
    if (!text.includes(before)) throw new Error(`the source has no lines that begin with: ${lines[0]}`);
    return text.replace(before, () => side('+'));
  }, source);
}
