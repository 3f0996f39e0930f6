import fc from 'fast-check';
import { mappingRows } from '../../../../../content/mapping/mapping-of.ts';
import { jsonText } from '../../answers/json-texts.ts';

const top = [
  'activity',
  'timestamp',
  'ip',
  'user_id',
  'actor_id',
  'actor_type',
  'app_id',
  'device_id',
  'tenant_id',
  'correlation_id',
  'target_resource_id',
  'user_agent',
  '_relay',
  'unmapped',
  'raw_data',
  'é',
  '',
];
const params = [
  'username',
  'email',
  'riskScore',
  'recommendation',
  'sessionId',
  'failureType',
  'ipCountry',
  'x',
];
const texts = [
  ...mappingRows.flatMap(({ spellings }) => spellings),
  ...['203.0.113.7', '2001:db8::1', '::1%eth0', '01.2.3.4', '1.2.3', '1:2:3:4:5:6:255.255.255.255:7'],
  ...['jo@example.com', 'jo@example', 'ö@example.com', '2026-03-02T07:55:15.940Z', 'no time', '1772438115'],
  ...['DENY', 'CHALLENGE', 'ALLOW', 'TRUST', 'deny', '', '\u2028', '"', '\\', '\ud800'],
];
const numbers = [
  '73.2',
  '100',
  '0',
  '-0',
  '100.4',
  '101',
  '1e2',
  '1e400',
  '1772438115',
  '1772438115940',
  '0.5',
];

/** Events of members that a shape reads, in odd spellings and more than once, among others. Each is an object. */
export function drawnShapedEvent(): fc.Arbitrary<string> {
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...texts).chain(spelled) },
    { weight: 2, arbitrary: fc.constantFrom(...numbers) },
    { weight: 2, arbitrary: jsonText() },
  );
  const object = (names: readonly string[], more: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .array(fc.tuple(space(), fc.constantFrom(...names).chain(spelled), space(), more, space()), {
        maxLength: 9,
      })
      .map((members) => `{${members.map(([a, key, b, each, c]) => `${a}${key}${b}:${each}${c}`).join(',')}}`);
  const additional = fc.oneof(
    { weight: 6, arbitrary: object(params, value) },
    { weight: 1, arbitrary: value },
  );
  const activity = fc
    .constantFrom(...mappingRows.flatMap(({ spellings }) => spellings))
    .map((name) => `"activity":${JSON.stringify(name)}`);
  return fc
    .tuple(
      fc.option(activity, { freq: 4 }),
      object(top, value),
      fc.array(fc.tuple(fc.constantFrom('additionalParams', 'additional_params'), additional), {
        maxLength: 3,
      }),
    )
    .map(([known, members, more]) => {
      const parts = [
        ...(members === '{}' ? [] : [members.slice(1, -1)]),
        ...more.map(([key, each]) => `${JSON.stringify(key)}:${each}`),
        ...(known === null ? [] : [known]),
      ];
      return `{${parts.join(',')}}`;
    });
}

/** A string as JSON, now and then with escapes that it does not need. */
function spelled(text: string): fc.Arbitrary<string> {
  const plain = JSON.stringify(text);
  return fc
    .boolean()
    .map((escapes) =>
      escapes && text !== '' && text.length < 12
        ? `"${[...Array(text.length).keys()].map((index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')}"`
        : plain,
    );
}

function space(): fc.Arbitrary<string> {
  return fc.constantFrom('', '', '', '', ' ', '\n', '\r\n\t');
}
