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
}

/**
 * Every switch there is: first what Mosaic may do, then answers that no API should give.
 * With any of them on, a collector that asks again gets to the end.
 */
export const switches = [
  { name: 'short', about: 'fewer events than asked for while more are waiting', rate: 0.5 },
  { name: 'empty', about: 'no events while some are waiting', rate: 0.2 },
  { name: 'empty-200', about: 'an empty stream answers 200 and []' },
  { name: 'empty-204', about: 'an empty stream answers 204' },
  { name: 'empty-no-bytes', about: 'an empty stream answers 201 and no bytes' },
  { name: 'wait-then-empty', about: 'an empty stream waits 300 ms before it says so' },
  { name: 'duplicates', about: 'some events come again, in the same answer or a later one', rate: 0.3 },
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

/**
 * The names as a set.
 * @throws when one is unknown, naming it
 */
export function readSwitches(names: readonly string[]): ReadonlySet<SwitchName> {
  const unknown = names.filter((name) => !switches.some((known) => known.name === name));
  if (unknown.length > 0) {
    throw new Error(
      `Mosaic's simulator has no switch ${unknown.join(', ')}; it has ${switches.map(({ name }) => name).join(', ')}`,
    );
  }
  return new Set(names as readonly SwitchName[]);
}
