/**
 * What a message may repeat of a text that somebody else wrote. An error body of Mosaic's or of a receiver's may echo
 * events, names, addresses or a secret, in any spelling, so nothing is searched for and taken out: a text is repeated
 * whole if each of its words stands in a list below, and not at all otherwise. Particles are names, too: "An To". So
 * they say nothing alone, and have no capital within a sentence.
 */

/** The text itself, on one line; undefined unless it has 1..200 characters and is made of listed words and `.,:;!?()`. */
export function shownText(text: string): string | undefined {
  const words = text.trim().split(/\s+/);
  const line = words.join(' ');
  if (line.length > longestText) return undefined;
  const bare = words.map((word) => word.replace(/^\(|[.,:;!?)]{1,3}$/g, ''));
  const hasName = bare.some(
    (word, index) => isCapitalParticle(word) && index > 0 && !/[.!?]$/.test(words[index - 1]!),
  );
  return areShown(bare) && !hasName ? line : undefined;
}

/** A code such as `invalid_client` or `InvalidStream`; undefined unless it is documented or made of listed words. */
export function shownCode(code: string): string | undefined {
  if (documentedCodes.has(code)) return code;
  if (code.length > longestCode || !/^[A-Za-z]+([_-][A-Za-z]+)*$/.test(code)) return undefined;
  const words = code.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[_-]/);
  return areShown(words) ? code : undefined;
}

const longestText = 200;
const longestCode = 60;

function areShown(words: readonly string[]): boolean {
  const lower = words.map((word) => word.toLowerCase());
  return (
    lower.every((word) => listed.has(word) || particles.has(word)) && lower.some((word) => listed.has(word))
  );
}

function isCapitalParticle(word: string): boolean {
  return /^[A-Z]/.test(word) && particles.has(word.toLowerCase());
}

/** Codes of OAuth (RFC 6749, 5.2; RFC 8693, 2.2.2), OpenID Connect and GCS, of which one word is not listed. */
const documentedCodes: ReadonlySet<string> = new Set([
  'invalid_grant',
  'unsupported_grant_type',
  'invalid_target',
  'interaction_required',
  'accountDisabled',
]);

/** Words of HTTP, OAuth and APIs. Whoever adds one leaves out numbers, people's names, and what can be said of a person. */
const listed: ReadonlySet<string> = wordsOf(`
  access account action again allowed already answer any api application array authenticated authentication
  authorization authorized available bad batch before body call cannot client closed collect collecting collection
  condition conflict connect connection content could created credentials deleted denied does empty endpoint error
  event events exceeded exist exists expected expired failed failure forbidden format found gateway gone handle
  header headers id identifier insufficient integer internal invalid json large later length limit malformed many
  maximum media met method minimum missing must not null number object only operation out parameter parameters
  parse payload permission permissions please processed processing project query quota rate reached records
  refused rejected removed request requests required reset resource response rule schema scope server service
  should size start started stop stopped stream streams string supported temporarily tenant time timed timeout
  token try type types unable unauthorized unavailable unexpected unknown unprocessable unsupported upstream user
  valid value version
`);

/** Words that say nothing without others. */
const particles: ReadonlySet<string> = wordsOf(`
  a an and are at be by for from has have in is no of on or that the this to too was were with
`);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
