/**
 * Tells whether a name that Mosaic sent may be repeated in logs, records and on screens.
 *
 * A name is a text of somebody else's, and may be data: the key of a map by user, an activity with an address in it. So it
 * has 1 to 64 of `A-Za-z0-9_.-`, and looks neither like an address (of a network, a device, a host, a person) nor like an
 * id (hexadecimal, many digits, or letters that make no words). In doubt it is not told: it is counted all the same.
 */
export function isTellable(name: string): boolean {
  return (
    /^[A-Za-z0-9_.-]{1,64}$/.test(name) && !notToTell.some((pattern) => pattern.test(name)) && hasWords(name)
  );
}

const notToTell: readonly RegExp[] = [
  // Numbers, dates, telephone numbers and IP addresses: five digits in all, four in a row, or three groups.
  /(\d[^\d]*){5}/,
  /\d{4}/,
  /\d[-._]\d+[-._]\d/,
  // UUIDs, hashes and other hexadecimal ids, and MAC addresses.
  /[0-9a-f]{8}/i,
  /\b[0-9a-f]{2}([-._][0-9a-f]{2}){2}/i,
  // Host names and e-mail addresses whose @ was replaced.
  /\.(com|net|org|edu|gov|mil|int|info|biz|app|dev|cloud|local|internal|[a-z]{2})$/i,
  /(^|[-._])at[-._]/i,
  // First and last names, as in an address: no name of Mosaic's has a dot.
  /[a-z]\.[a-z]/i,
  // Digits among letters.
  /\d[a-z]{1,2}\d/i,
  /\d[a-z]+\d+[a-z]+\d/i,
];

/**
 * True where at least half of a name is words, as `riskColour` is and `Abt5xRVuE9` is not. A name of up to seven characters
 * need not be: it is too short for an id that tells who somebody is.
 */
function hasWords(name: string): boolean {
  const pieces = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  if (name.length < 8) return pieces.length > 0;
  const long = pieces.filter((piece) => piece.length >= 4);
  const letters = long.reduce((sum, piece) => sum + piece.length, 0);
  return letters * 2 >= name.replaceAll(/[-._]/g, '').length && long.every(isLikeAWord);
}

/** True where neighbouring letters are such as English words have; a long word may have one pair of others. */
function isLikeAWord(piece: string): boolean {
  const word = piece.toLowerCase();
  let strange = 0;
  for (let at = 1; at < word.length; at++) if (!followers[word[at - 1]!]?.includes(word[at]!)) strange += 1;
  return strange <= (word.length >= 8 ? 1 : 0);
}

/** By letter: those that follow it, in 98 of 100 pairs of letters in the words of the relay's own documents, and in Mosaic's names. */
const followers: Readonly<Record<string, string>> = {
  a: 'bcdfgiklmnprstuvwy',
  b: 'aeilorsuy',
  c: 'acehiklorstuy',
  d: 'adegilmorsuy',
  e: 'abcdefghilmnopqrstuvwxyz',
  f: 'aefilortu',
  g: 'aeghinorsu',
  h: 'aeiortu',
  i: 'abcdefglmnoprstvxz',
  j: 'eosu',
  k: 'eilnos',
  l: 'adeilostuvy',
  m: 'abeimopsu',
  n: 'acdefgiklnoprstuvy',
  o: 'abcdfgiklmnoprstuvwy',
  p: 'adehiloprstu',
  q: 'u',
  r: 'abcdefgiklmnoprstuvy',
  s: 'acefhiklmopstuwy',
  t: 'acehilnoprstuwy',
  u: 'abcdegilmnprst',
  v: 'aeio',
  w: 'aehilnors',
  x: 'aceipt',
  y: 'eimnopst',
  z: 'e',
};
