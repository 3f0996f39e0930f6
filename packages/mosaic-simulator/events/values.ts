import type { Random } from '../random.ts';

/**
 * Values as raw JSON text. No number is made by JSON.stringify: what a number looks like is part of the event.
 */

/** A member of an object: its name as it stands between the quotes, and how to write its value. */
export type Member = readonly [name: string, value: (random: Random) => string];

export const quote = (text: string) => JSON.stringify(text);

export const oneOf = (...texts: readonly string[]) => {
  const quoted = texts.map(quote);
  return (random: Random) => random.pick(quoted);
};

/** Already JSON: numbers, `null`, strings with escapes of their own. */
export const oneOfRaw =
  (...raw: readonly string[]) =>
  (random: Random) =>
    random.pick(raw);

export const bool = oneOfRaw('true', 'false');

export const count = (limit: number) => (random: Random) => String(random.below(limit));

export const id =
  (prefix: string, digits = 12) =>
  (random: Random) =>
    `"${prefix}${random.hex(digits)}"`;

export const object = (members: readonly Member[]) => (random: Random) =>
  `{${members.map(([name, value]) => `"${name}":${value(random)}`).join(',')}}`;

export const list =
  (value: (random: Random) => string, most = 3) =>
  (random: Random) =>
    `[${Array.from({ length: random.below(most + 1) }, () => value(random)).join(',')}]`;

/** The old and the new value, as update events carry them. */
export const changed = (value: (random: Random) => string) => (random: Random) =>
  `{"prev":${random.chance(0.2) ? 'null' : value(random)},"current":${value(random)}}`;

export const address = (random: Random) =>
  random.chance(0.15)
    ? `"2001:db8:${random.hex(4)}::${random.hex(3)}"`
    : `"${random.pick(['198.51.100', '203.0.113', '192.0.2'])}.${random.below(256)}"`;

export const firstName = oneOf(
  'Ana',
  'Łukasz',
  'Zoë',
  'Иван',
  '美咲',
  'محمد',
  "O'Neil",
  'José',
  'Nguyễn',
  'Åse',
);
export const lastName = oneOf(
  'Müller',
  'Smith',
  'García',
  'Đorđević',
  '山田',
  'कुमार',
  'van "Dutch" Dyk',
  'Straße',
);

export const email = (random: Random) =>
  `"${random.pick(['ana', 'zoe', 'ivan', 'm.sato', 'o.neil', 'søren'])}.${random.hex(5)}@${random.pick(['example.com', 'example.org', 'bücher.example'])}"`;

export const phone = (random: Random) => `"+1555${String(random.below(10_000_000)).padStart(7, '0')}"`;

export const date = (random: Random) =>
  `"${1950 + random.below(60)}-${String(1 + random.below(12)).padStart(2, '0')}-${String(1 + random.below(28)).padStart(2, '0')}"`;

/** Numbers that do not survive being parsed into a double and written again. */
export const oddNumber = oneOfRaw(
  '9007199254740993',
  '-9223372036854775809',
  '18446744073709551615',
  '123456789012345678901234567890.10',
  '1.0',
  '1e2',
  '1E+2',
  '-0',
  '-0.0',
  '0.1e-7',
  '73.20',
  '1e400',
  '5e-324',
);

/** Strings whose escapes do not survive it either, or that a careless reader trips over. */
export const oddString = oneOfRaw(
  '"caf\\u00e9"',
  '"a\\/b\\/c"',
  '"\\ud83d\\ude00 \u{1F600}"',
  '"\\ud800 alone"',
  '"quote \\" brace } bracket ] comma ,"',
  '"back\\\\slash\\\\"',
  '"line\\nbreak\\r\\n\\ttab"',
  '"\\u0000\\u001f\\u007f"',
  '"\u2028\u2029"',
  '"👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301"',
  '"שלום עולם"',
  '"{\\"not\\":[\\"an object\\"]}"',
  '"</script><b>&amp;"',
  '""',
);
