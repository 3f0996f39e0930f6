import { shownText } from './shown-words.ts';

/**
 * What the network did, by Node's own code for it: `connect ECONNREFUSED 127.0.0.1:443`. Node's message is left out,
 * since some quote the other side, such as the names in its certificate.
 */
export function networkFailure(error: unknown): string {
  const coded = withCode(error);
  if (coded === undefined) return isTimeout(error) ? 'no answer in time' : nameOf(error);
  const { code, syscall, hostname, address, port } = coded;
  const meaning = meanings.find(([pattern]) => pattern.test(code))?.[1];
  if (meaning !== undefined) return `${meaning} (${code})`;
  if (syscall === undefined) return code;
  const asked = hostname ?? (port === undefined ? address : `${address}:${port}`);
  return [syscall, code, asked].filter((part) => part !== undefined).join(' ');
}

/**
 * Words an unexpected error for an operator: its name, and the message of an AWS service or one of listed words.
 * Messages of V8 and Node may quote what was being read: instead of them stands the place in the code.
 */
export function shownFailure(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const name = nameOf(error);
  if ('$fault' in error) return `${name}: ${error.message.replace(/\s+/g, ' ').slice(0, longestOfService)}`;
  const said =
    withCode(error) === undefined
      ? (shownText(error.message) ?? `a message of ${error.message.length} characters`)
      : networkFailure(error);
  return [`${name}: ${said}`, placeOf(error)].filter((part) => part !== undefined).join(', at ');
}

interface CodedError {
  readonly code: string;
  readonly syscall?: string;
  /** The name that was asked for. */
  readonly hostname?: string;
  readonly address?: string;
  readonly port?: number;
}

/** The error itself, the first of several addresses tried, or the cause that `fetch` wraps. */
function withCode(error: unknown, depth = 0): CodedError | undefined {
  if (!(error instanceof Error) || depth > 3) return undefined;
  if (error instanceof AggregateError && error.errors.length > 0) return withCode(error.errors[0], depth + 1);
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{2,59}$/.test(error.code))
    return error as Error & CodedError;
  return withCode(error.cause, depth + 1);
}

const meanings: readonly (readonly [RegExp, string])[] = [
  [/^ERR_TLS_CERT_ALTNAME/, "the server's certificate is for another host"],
  [/^CERT_HAS_EXPIRED$/, "the server's certificate has expired"],
  [/SELF_SIGNED|^UNABLE_TO_|^CERT_/, "the server's certificate is not trusted"],
  [/^(EPROTO$|ERR_SSL_)/, 'the TLS handshake failed'],
  [/^HPE_/, 'the answer is not HTTP'],
];

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^(Timeout|Abort)Error$/.test(error.name);
}

function nameOf(error: unknown): string {
  return error instanceof Error && /^[A-Za-z]{1,60}$/.test(error.name) ? error.name : 'an error';
}

/** As `deliver (index.cjs:12:34)`: the first frame of our own code. */
function placeOf(error: Error): string | undefined {
  const heading = `${error.name}: ${error.message}`;
  // The message itself may have lines that look like frames.
  if (error.stack?.startsWith(heading) !== true) return undefined;
  for (const line of error.stack.slice(heading.length).split('\n')) {
    const [, caller, place] =
      /^ +at (?:async )?(?:([\w.$]+) )?\(?(?!node:).*?([\w.-]+:\d+:\d+)\)?$/.exec(line) ?? [];
    if (place !== undefined) return caller === undefined ? place : `${caller} (${place})`;
  }
  return undefined;
}

/** AWS's own words name the role, the action and the resource that were refused. */
const longestOfService = 500;
