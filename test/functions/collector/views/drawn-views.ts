import fc from 'fast-check';
import type { MemberAction, WrittenView } from '../../../../functions/stored/compiled-view.ts';
import { jsonText } from '../answers/json-texts.ts';

/** A key for tests, whose secret is longer than a block of SHA-256 where `long`. */
export function viewKey(long = false) {
  return { id: 'p1', secret: Buffer.alloc(long ? 80 : 32, 'a key for tests alone') };
}

const names = [
  'user_id',
  'ip',
  'activity',
  'timestamp',
  '_relay',
  'additionalParams',
  'email',
  'prev',
  'é',
  '',
];
const activities = ['get_user', 'get_users', 'action_start', 'action_*', 'login', 'lög"in', '*', 'a'];

export function drawnView(): fc.Arbitrary<WrittenView> {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constant('*') },
  );
  const path = fc
    .tuple(
      fc.oneof(step, fc.constantFrom('additionalParams', 'additional_params')),
      fc.array(step, { maxLength: 3 }),
    )
    .map((steps) => steps.flat().join('.'));
  const action = fc.constantFrom<MemberAction>('keep', 'remove', 'mask', 'pseudonym', 'network');
  const rules = fc.uniqueArray(fc.tuple(path, action), {
    maxLength: 8,
    selector: ([written]) => written.replace(/^additional_params/, 'additionalParams'),
  });
  const patterns = fc.uniqueArray(fc.constantFrom(...activities), { minLength: 1, maxLength: 3 });
  return fc
    .record({
      members: rules,
      otherMembers: fc.constantFrom<'keep' | 'remove'>('keep', 'keep', 'remove'),
      activities: fc.oneof(
        { weight: 3, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: patterns.map((drop) => ({ drop })) },
        { weight: 1, arbitrary: patterns.map((keep) => ({ keep })) },
      ),
    })
    .map(({ members, otherMembers, activities: filter }) => ({
      members: Object.fromEntries(members),
      otherMembers,
      ...(filter === undefined ? {} : { activities: filter }),
    }));
}

/** Events whose keys are those that drawn views name, in odd spellings, among others that no view names. */
export function drawnEvent(): fc.Arbitrary<string> {
  const event = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.oneof(address(), fc.constantFrom(...activities).chain(spelled), scalar()),
      tie('object'),
      tie('array'),
    ),
    array: fc
      .array(spaced(tie('value')), { maxLength: 4 })
      .chain((items) => space().map((inner) => `[${items.length === 0 ? inner : items.join(',')}]`)),
    object: fc
      .array(fc.tuple(spaced(key()), spaced(tie('value'))), { maxLength: 5 })
      .chain((members) =>
        space().map(
          (inner) => `{${members.length === 0 ? inner : members.map((pair) => pair.join(':')).join(',')}}`,
        ),
      ),
  }));
  return fc.oneof({ weight: 8, arbitrary: event.object }, { weight: 1, arbitrary: event.value }, jsonText());
}

function key(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...names, 'additional_params').chain(spelled) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'grapheme', maxLength: 3 }).map((text) => JSON.stringify(text)),
    },
  );
}

/** A text as JSON, now and then with a character as an escape. */
function spelled(text: string): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 9 }), { minLength: text.length, maxLength: text.length }).map(
    (draws) =>
      `"${[...Array(text.length).keys()]
        .map((index) => {
          const code = text.charCodeAt(index).toString(16).padStart(4, '0');
          if (draws[index] === 0) return `\\u${code}`;
          if (draws[index] === 1) return `\\u${code.toUpperCase()}`;
          return JSON.stringify(text[index]).slice(1, -1);
        })
        .join('')}"`,
  );
}

function address(): fc.Arbitrary<string> {
  const odd = [
    '1.2.3',
    '01.2.3.4',
    '1.2.3.256',
    '1.2.3.4:80',
    'fe80::1%eth0',
    '1.2.3.0/24',
    '::ffff:1.2.3.4',
    ':::',
    '',
  ];
  return fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom(...odd)).chain(spelled);
}

function scalar(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      'true',
      'false',
      'null',
      '-0',
      '1e400',
      '12345678901234567890',
      '0.10',
      '"\\ud800"',
      '"u-1"',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }).map((text) => JSON.stringify(text)),
    fc.constant(`"${'long '.repeat(20)}"`),
  );
}

function spaced(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(space(), text, space()).map((parts) => parts.join(''));
}

function space(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\r'), maxLength: 2 }) },
  );
}
