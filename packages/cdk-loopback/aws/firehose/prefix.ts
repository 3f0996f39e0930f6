/** An S3 prefix with Firehose's expressions. */
export interface Prefix {
  /** @param time milliseconds since the epoch: the arrival of the oldest record in the object */
  evaluate(values: {
    readonly time: number;
    readonly random: () => string;
    readonly errorType: string;
  }): string;
  readonly hasErrorType: boolean;
  /** Has any `!{…}`. */
  readonly hasExpression: boolean;
}

/**
 * Reads a prefix. Without a timestamp expression, `yyyy/MM/dd/HH/` is added at its end, as Firehose does.
 *
 * @throws on an expression or date pattern that is not known here
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 */
export function parsePrefix(text: string): Prefix {
  const parts = split(text);
  const hasErrorType = parts.some((part) => part.kind === 'error-type');
  const hasExpression = parts.some((part) => part.kind !== 'literal');
  if (!parts.some((part) => part.kind === 'time')) parts.push({ kind: 'time', pattern: 'yyyy/MM/dd/HH/' });
  return {
    hasErrorType,
    hasExpression,
    evaluate({ time, random, errorType }) {
      const evaluated = parts.map((part) => {
        if (part.kind === 'literal') return part.text;
        if (part.kind === 'time') return formatTime(part.pattern, time);
        return part.kind === 'random' ? random() : errorType;
      });
      return evaluated.join('');
    },
  };
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'time'; readonly pattern: string }
  | { readonly kind: 'random' }
  | { readonly kind: 'error-type' };

function split(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(/!\{([^}]*)\}/g)) {
    if (match.index > end) parts.push({ kind: 'literal', text: text.slice(end, match.index) });
    parts.push(parseExpression(match[1]!));
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  if (rest.includes('!{')) throw new Error(`The prefix ${text} has an expression that does not end.`);
  if (rest) parts.push({ kind: 'literal', text: rest });
  return parts;
}

function parseExpression(expression: string): Part {
  if (expression === 'firehose:random-string') return { kind: 'random' };
  if (expression === 'firehose:error-output-type') return { kind: 'error-type' };
  const [namespace, ...rest] = expression.split(':');
  if (namespace !== 'timestamp') throw new Error(`!{${expression}} is not known to the local Firehose.`);
  const pattern = rest.join(':');
  formatTime(pattern, 0);
  return { kind: 'time', pattern };
}

/** UTC, by the letters of Java's DateTimeFormatter that prefixes are made of. */
export function formatTime(pattern: string, time: number): string {
  const date = new Date(time).toISOString();
  const fields: Readonly<Record<string, string>> = {
    yyyy: date.slice(0, 4),
    MM: date.slice(5, 7),
    dd: date.slice(8, 10),
    HH: date.slice(11, 13),
    mm: date.slice(14, 16),
    ss: date.slice(17, 19),
  };
  return pattern.replace(/'([^']*)'|([A-Za-z])\2*/g, (run, quoted: string | undefined) => {
    if (quoted !== undefined) return quoted === '' ? "'" : quoted;
    const field = fields[run];
    if (field === undefined) throw new Error(`The date pattern ${run} is not known to the local Firehose.`);
    return field;
  });
}
