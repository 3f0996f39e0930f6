import fc from 'fast-check';

/** JSON texts as no serialiser writes them: odd spacing, every escape, duplicate keys, unusual numbers. */
export function jsonText(): fc.Arbitrary<string> {
  return fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.oneof(stringText(), numberText(), fc.constantFrom('true', 'false', 'null')),
      tie('object'),
      tie('array'),
    ),
    array: fc.array(spaced(tie('value')), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
    object: fc
      .array(fc.tuple(spaced(keyText()), spaced(tie('value'))), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(',')}}`),
  })).value;
}

/** An array of such texts with what stands between, before and behind them. */
export function spacedArray(): fc.Arbitrary<{ readonly text: string; readonly elements: readonly string[] }> {
  const element = fc.tuple(space(), jsonText(), space());
  return fc
    .tuple(space(), fc.array(element, { maxLength: 6 }), space(), space())
    .map(([before, parts, inner, after]) => ({
      text: `${before}[${parts.length === 0 ? inner : parts.map((part) => part.join('')).join(',')}]${after}`,
      elements: parts.map(([, element]) => element),
    }));
}

function spaced(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(space(), text, space()).map((parts) => parts.join(''));
}

function space(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 3 }) },
  );
}

function keyText(): fc.Arbitrary<string> {
  return fc.oneof(
    stringText(),
    fc.constantFrom('"timestamp"', '"activity"', '"_relay"', '"\\u005frelay"', '"\\\\"'),
  );
}

function stringText(): fc.Arbitrary<string> {
  const plain = fc
    .string({ unit: 'grapheme', maxLength: 3 })
    .map((text) => JSON.stringify(text).slice(1, -1));
  const escapes = [
    '\\"',
    '\\\\',
    '\\/',
    '\\b',
    '\\f',
    '\\n',
    '\\r',
    '\\t',
    '\\u0000',
    '\\uD83d\\uDe00',
    '\\ud800',
  ];
  const awkward = fc.constantFrom(...escapes, '[', ']', '{', '}', ',', ':', '\u2028', '\u007f', 'é', '💥');
  return fc.array(fc.oneof(plain, awkward), { maxLength: 5 }).map((parts) => `"${parts.join('')}"`);
}

function numberText(): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.oneof(fc.nat().map(String), fc.constantFrom('0', '12345678901234567890')),
      fc.constantFrom('', '.0', '.000', '.5'),
      fc.constantFrom('', 'e1', 'E+02', 'e-400'),
    )
    .map((parts) => parts.join(''));
}
