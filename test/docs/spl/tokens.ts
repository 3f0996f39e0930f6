import { SearchRefused } from './rows.ts';

/** The words of a command, read one after the other. */
export interface Tokens {
  /** The next token, which stays; undefined at the end. */
  peek(): string | undefined;
  /** @throws {SearchRefused} at the end */
  next(): string;
  /** Takes the token if it comes next, in capitals or not. */
  take(word: string): boolean;
  /** @throws {SearchRefused} if another token comes next */
  expect(word: string): void;
}

/** Splits a command's text into names, numbers, quoted texts and signs. */
export function tokensOf(text: string): Tokens {
  const list: string[] = [];
  const pattern = /\s*("(?:[^"\\]|\\.)*"|[A-Za-z_][\w.]*|\d+[a-z]*|[-+*/=(),])/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const from = pattern.lastIndex;
    const token = pattern.exec(text)?.[1];
    if (token === undefined) throw new SearchRefused(`'${text.slice(from).trim()}' is not understood`);
    list.push(token);
  }
  let at = 0;
  const peek = () => list[at];
  const take = (word: string) => {
    if (peek()?.toLowerCase() !== word) return false;
    at += 1;
    return true;
  };
  return {
    peek,
    take,
    next() {
      const token = list[at++];
      if (token === undefined) throw new SearchRefused(`'${text.trim()}' ends too early`);
      return token;
    },
    expect(word) {
      if (!take(word))
        throw new SearchRefused(`'${text.trim()}' has ${peek() ?? 'its end'} where ${word} should be`);
    },
  };
}

/** Names of fields, separated by commas or blanks, to the end of the command. */
export function fieldList(tokens: Tokens): readonly string[] {
  const fields = [tokens.next()];
  while (tokens.peek() !== undefined) {
    tokens.take(',');
    fields.push(tokens.next());
  }
  return fields;
}
