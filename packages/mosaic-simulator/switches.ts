/** One awkward behaviour of the simulator, off unless it is named. */
export interface Switch {
  readonly name: string;
  /** One line for `--source help`. */
  readonly about: string;
  /**
   * How many of a stream's calls it acts on, 0..1, never on two in a row; within a stream's first three calls it acts
   * once for certain. Absent where it holds all the time.
   */
  readonly rate?: number;
  /** Of a switch that takes a number, as `slow-by-size=50`. */
  readonly number?: SwitchNumber;
}

export interface SwitchNumber {
  /** The number if none is given. */
  readonly default: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Every switch there is: first what Mosaic may do, then answers that no API should give. `N` in a line stands for the
 * switch's number. With any of them on, a collector that asks again gets to the end.
 */
export const switches = [
  { name: 'short', about: 'fewer events than asked for while more are waiting', rate: 0.5 },
  {
    name: 'always-short',
    about: 'no more than 1 to N events an answer, however many are waiting',
    number: { default: 20, from: 1, to: 999 },
  },
  { name: 'empty', about: 'no events while some are waiting', rate: 0.2 },
  {
    name: 'empty-when-replaced',
    about: 'no events of a stream until N hours after a newer one of its type was created',
    number: { default: 3, from: 1, to: 720 },
  },
  { name: 'empty-200', about: 'an empty stream answers 200 and []' },
  { name: 'empty-204', about: 'an empty stream answers 204' },
  { name: 'empty-no-bytes', about: 'an empty stream answers 201 and no bytes' },
  { name: 'wait-then-empty', about: 'an empty stream waits 300 ms before it says so' },
  { name: 'duplicates', about: 'some events come again, in the same answer or a later one', rate: 0.3 },
  {
    name: 'repeated-answer',
    about: 'the same answer comes N times more, byte for byte, before the next',
    rate: 0.1,
    number: { default: 8, from: 1, to: 100_000 },
  },
  { name: 'reorder', about: 'the events of an answer are shuffled', rate: 0.5 },
  { name: 'lost-answer', about: 'the connection is reset after the batch was consumed', rate: 0.1 },
  { name: 'lost-answer-redelivered', about: 'the same, but the batch comes again later', rate: 0.1 },
  { name: 'reset-before', about: 'the connection is reset before anything was consumed', rate: 0.1 },
  { name: '429', about: 'throttled, with Retry-After: 1', rate: 0.2 },
  { name: '429-no-retry-after', about: 'throttled, without Retry-After', rate: 0.2 },
  { name: '5xx-before', about: '500 or 503 before anything was consumed', rate: 0.1 },
  { name: '5xx-after', about: '500 or 502 after the batch was consumed', rate: 0.1 },
  {
    name: 'edge-html',
    about: 'an HTML error page of the edge, 520, before anything was consumed',
    rate: 0.1,
  },
  { name: 'expired-token', about: 'the token is refused long before it should expire', rate: 0.2 },
  { name: 'short-token', about: 'tokens live for 60 s' },
  { name: 'token-500', about: 'the token endpoint answers 500', rate: 0.3 },
  { name: 'token-400', about: 'a wrong secret is answered by 400 in place of 401' },
  { name: 'quota', about: 'the tenant may hold one stream' },
  { name: 'one-day', about: 'events are gone after 24 hours, whatever retention was asked for' },
  { name: 'no-retention', about: 'the parameter retention is unknown, and answered by 400' },
  { name: '410', about: 'v1 of the API is gone' },
  { name: 'v2', about: 'the same API under /activities/v2 too' },
  { name: 'slow', about: 'the answer takes 250 ms more', rate: 0.3 },
  {
    name: 'slow-by-size',
    about: 'an answer of more than N events never comes, its batch consumed',
    number: { default: 50, from: 1, to: 999 },
  },
  {
    name: 'published-late',
    about: 'events can be read N seconds after their timestamps',
    number: { default: 120, from: 1, to: 86_400 },
  },
  { name: 'unreadable-timestamps', about: 'timestamps as in "Mon, 02 Mar 2026 08:00:00 GMT"' },
  { name: 'large-events', about: 'one event in 250 has 100 to 900 KB' },
  { name: 'oversize-events', about: 'one event in 500 has 1.1 to 1.5 MB, more than Firehose takes' },
  { name: 'gzip', about: 'answers are compressed for those who accept it' },
  { name: 'chunked', about: 'answers come without a content-length' },
  { name: 'snake-params', about: 'every event says additional_params, not additionalParams' },
  { name: 'pretty', about: 'blanks and line breaks between the tokens of answers and events' },
  { name: 'json-bodies', about: 'texts come as {"message": …} in place of plain text' },

  { name: 'cut-off', about: 'the answer breaks off half-way, its batch consumed', rate: 0.1 },
  {
    name: 'truncated-array',
    about: 'a whole answer that holds the beginning of the array, its batch consumed',
    rate: 0.1,
  },
  { name: 'wrapped', about: 'the array inside an object: {"events": […]}', rate: 0.1 },
  { name: 'invalid-utf8', about: 'one more element, with bytes that are no UTF-8', rate: 0.1 },
  { name: 'nul-bytes', about: 'one more element, with NUL bytes in a string', rate: 0.1 },
  { name: 'deep-nesting', about: 'one more element, nested 100,000 deep', rate: 0.1 },
  { name: 'huge-body', about: 'one more element, of 50 MB', rate: 0.1 },
  { name: 'header-flood', about: 'more headers than a client reads, the batch consumed', rate: 0.1 },
  { name: 'gzip-bomb', about: '80 MB of one character in a small gzip body, nothing consumed', rate: 0.1 },
  { name: 'numbers', about: 'an array of numbers, nothing consumed', rate: 0.1 },
  { name: 'number-flood', about: 'an array of 30 million numbers, nothing consumed', rate: 0.1 },
  { name: 'null-body', about: 'null, nothing consumed', rate: 0.1 },
  { name: 'html-201', about: 'an HTML page with status 201, nothing consumed', rate: 0.1 },
  { name: 'huge-token', about: 'a token of 64 KB', rate: 0.3 },
] as const satisfies readonly Switch[];

export type SwitchName = (typeof switches)[number]['name'];

/** A line for each switch, for `--source help`. */
export function describeSwitches(): string {
  const lines = (switches as readonly Switch[]).map(({ name, about, number }) =>
    number === undefined
      ? { spelled: name, about }
      : {
          spelled: `${name}[=N]`,
          about: `${about} (N: ${number.from} to ${number.to}, ${number.default} if not given)`,
        },
  );
  const width = Math.max(...lines.map(({ spelled }) => spelled.length));
  return lines.map(({ spelled, about }) => `  ${spelled.padEnd(width)}  ${about}`).join('\n');
}

/** The switches that are on, each with its number; 0 for a switch that takes none. */
export type Switches = ReadonlyMap<SwitchName, number>;

/**
 * Reads names, each of which may carry a number: `short`, `slow-by-size=50`.
 * @throws when a name is unknown, or a number is none of its switch
 */
export function readSwitches(wanted: readonly string[]): Switches {
  return new Map(wanted.map(readSwitch));
}

function readSwitch(wanted: string): readonly [SwitchName, number] {
  const [name = '', given] = wanted.split(/=(.*)/s);
  const known = (switches as readonly (Switch & { readonly name: SwitchName })[]).find(
    (one) => one.name === name,
  );
  if (known === undefined) {
    const names = switches.map((one) => one.name).join(', ');
    throw new Error(`Mosaic's simulator has no switch ${name}; it has ${names}`);
  }
  const { number } = known;
  if (given === undefined) return [known.name, number?.default ?? 0];
  if (number === undefined) throw new Error(`Mosaic's switch ${name} takes no number`);
  const value = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= number.from && value <= number.to) return [known.name, value];
  throw new Error(
    `Mosaic's switch ${name} takes a whole number from ${number.from} to ${number.to}, not "${given}"`,
  );
}
