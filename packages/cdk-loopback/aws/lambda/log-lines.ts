import type { Readable } from 'node:stream';

/** Ends the lines of one invocation in a sandbox's output; the runtime client writes it, nobody shows it. */
const endOfInvocation = '\u001e';

/** CloudWatch Logs' limit of an event; a longer line is cut in pieces, as Lambda does. */
const maxLineCharacters = 262_144;
const lineEnd = new RegExp(`([\n${endOfInvocation}])`);

/**
 * Reads a sandbox's output line by line, in constant memory.
 *
 * @param onLine gets each line without its end
 * @param onEnd is called for each {@link endOfInvocation}, after the lines before it
 */
export function readLogLines(stream: Readable, onLine: (line: string) => void, onEnd: () => void): void {
  let rest = '';
  const flush = (text: string) => {
    for (let at = 0; at < text.length; at += maxLineCharacters)
      onLine(text.slice(at, at + maxLineCharacters));
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const parts = (rest + chunk).split(lineEnd);
    rest = parts.pop() ?? '';
    for (let index = 0; index < parts.length; index += 2) {
      flush(parts[index] ?? '');
      if (parts[index + 1] === endOfInvocation) onEnd();
    }
    if (rest.length >= maxLineCharacters) {
      flush(rest);
      rest = '';
    }
  });
  stream.on('end', () => flush(rest));
}

/** The last lines of an invocation, at most so many characters of them. */
export class RecentLines {
  readonly #maxCharacters: number;
  #lines: string[] = [];
  #characters = 0;

  constructor(maxCharacters = 1_048_576) {
    this.#maxCharacters = maxCharacters;
  }

  add(line: string): void {
    this.#lines.push(line);
    this.#characters += line.length;
    let drop = 0;
    while (this.#characters > this.#maxCharacters && drop < this.#lines.length - 1) {
      this.#characters -= this.#lines[drop++]?.length ?? 0;
    }
    if (drop > 0) this.#lines = this.#lines.slice(drop);
  }

  /** The lines, which are then forgotten. */
  take(): readonly string[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#characters = 0;
    return lines;
  }
}
