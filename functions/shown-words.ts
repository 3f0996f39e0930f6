/**
 * What a message may repeat of a text that somebody else wrote. An error body of Mosaic's or of a receiver's may echo
 * events, names, addresses or a secret, in any spelling, so nothing is searched for and taken out: a text is repeated
 * whole if each of its words stands in the list below, and not at all otherwise.
 */

/** The text itself, on one line; undefined unless it has 1..200 characters and is made of listed words and `.,:;!?()`. */
export function shownText(text: string): string | undefined {
  const words = text.trim().split(/\s+/);
  const line = words.join(' ');
  if (line === '' || line.length > longestText) return undefined;
  return words.every((word) => isListed(word.replace(/^\(|[.,:;!?)]{1,3}$/g, ''))) ? line : undefined;
}

/** A code such as `invalid_client` or `InvalidStream`; undefined unless it is documented or made of listed words. */
export function shownCode(code: string): string | undefined {
  if (documentedCodes.has(code)) return code;
  if (code.length > longestCode || !/^[A-Za-z]+([_-][A-Za-z]+)*$/.test(code)) return undefined;
  const words = code.replace(/([a-z])([A-Z])/g, '$1_$2').split(/[_-]/);
  return words.every(isListed) ? code : undefined;
}

const longestText = 200;
const longestCode = 60;

function isListed(word: string): boolean {
  return listed.has(word.toLowerCase());
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
const listed: ReadonlySet<string> = new Set(
  `
  a access account action again allowed already an and answer any api application are array at authenticated
  authentication authorization authorized available bad batch be before body by call cannot client closed collect
  collecting collection condition conflict connect connection content could created credentials deleted denied
  does empty endpoint error event events exceeded exist exists expected expired failed failure for forbidden
  format found from gateway gone handle has have header headers id identifier in insufficient integer internal invalid
  is json large later length limit malformed many maximum media met method minimum missing must no not null number
  object of on only operation or out parameter parameters parse payload permission permissions please processed
  processing project query quota rate reached records refused rejected removed request requests required reset resource
  response rule schema scope server service should size start started stop stopped stream streams string supported
  temporarily tenant that the this time timed timeout to token too try type types unable unauthorized unavailable
  unexpected unknown unprocessable unsupported upstream user valid value version was were with
  `
    .trim()
    .split(/\s+/),
);
