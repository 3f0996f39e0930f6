/** A command line that cannot be meant. The message is one line that names the flag and says what would be right. */
export class WrongUse extends Error {
  /** The exit code of a program after wrong use. */
  static readonly exitCode = 2;

  constructor(message: string) {
    super(message.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' '));
    this.name = 'WrongUse';
  }
}

/**
 * A text of the command line as a message may repeat it: on one line, without control characters, 80 characters at
 * most.
 */
export function shown(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(otherBreaks, ' ');
  return escaped.length <= longest ? escaped : `${escaped.slice(0, longest - 1)}…`;
}

const longest = 80;
/** Control characters and line breaks that JSON leaves as they are. */
const otherBreaks = /[\u007f-\u009f\u2028\u2029]/g;
