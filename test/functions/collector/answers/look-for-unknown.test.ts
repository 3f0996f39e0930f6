import { createRandom, eventText, storyText, tellStory } from '@mosaic-relay/mosaic-simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import { lookForUnknown } from '../../../../functions/collector/answers/look-for-unknown.ts';
import { isTellable } from '../../../../functions/collector/answers/tellable-name.ts';
import { unknownNamesOf, zeroCounters } from '../../../../functions/collector/protocol/counters.ts';
import type { UnknownNames } from '../../../../functions/stored/unknown-names.ts';

const envelope = { activity: 'user_login', ip: '192.0.2.1', timestamp: '2026-03-02T08:00:00.000Z' };

describe('of an event, the look', () => {
  test('counts an unknown activity, and knows each documented one in its spellings', () => {
    expect(found('cis', [{ ...envelope, activity: 'new_thing' }])).toEqual({
      sampled: 1,
      activities: 1,
      members: 0,
      names: [{ kind: 'activity', name: 'new_thing', count: 1 }],
    });
    expect(found('cis', [envelope, { ...envelope, activity: 'failedOtpAttempt' }])).toBeUndefined();
    expect(found('admin', [{ activity: 'push_policy_to_production' }])).toBeUndefined();
    expect(found('admin', [envelope])?.activities).toBe(1);
  });

  test('counts members of the event and of its additional parameters, and nothing below them', () => {
    const event = {
      ...envelope,
      brand_new: { activity: 1, secret_inside: 2 },
      additionalParams: { email: { prev: { deeper: 1 } }, riskColour: 'red', failureType: ['x', { y: 1 }] },
    };

    expect(found('cis', [event, event])).toEqual({
      sampled: 2,
      activities: 0,
      members: 4,
      names: [
        { kind: 'member', name: 'brand_new', count: 2 },
        { kind: 'parameter', name: 'riskColour', count: 2 },
      ],
    });
    expect(found('cis', [{ ...envelope, additional_params: { riskColour: 1 } }])?.members).toBe(1);
  });

  test('leaves alone what the steps of a journey carry, and what is no object', () => {
    expect(
      found('cis', [{ ...envelope, activity: 'custom_activity_log', additionalParams: { anything: 1 } }]),
    ).toBeUndefined();
    expect(found('cis', [{ ...envelope, additionalParams: ['anything', { at: 'all' }] }])).toBeUndefined();
    expect(found('cis', '[1, "two", null, [{"three": 3}], true]')).toBeUndefined();
  });

  test('counts an event without an activity, or with one that is no text, and names neither', () => {
    expect(found('cis', '[{}, {"activity": 12345}, {"activity": ["a"]}, {"activity": ""}]')).toEqual({
      sampled: 4,
      activities: 4,
      members: 0,
      names: [],
    });
  });

  test('knows a name that is written with escapes, and blanks between tokens', () => {
    expect(
      found(
        'cis',
        '[ {\n "activ\\u0069ty" : "user_login" ,\r "\\u0069p" : "x\\"}{" , "additionalParams" : { } } ]',
      ),
    ).toBeUndefined();
    expect(found('cis', '[{"activity":"user_login","ne\\u0077_one":1}]')?.names).toEqual([
      { kind: 'member', name: 'new_one', count: 1 },
    ]);
  });
});

test.each(['cis', 'admin', 'risk', 'verify'] as const)(
  'every documented member that the simulator writes of type %s is known',
  (type) => {
    const style = {
      ...{ seed: 5, averageBytes: 1_200, snakeParams: false, pretty: false, large: false, oversize: false },
      unreadableTimestamps: false,
    };
    const texts = Array.from({ length: 600 }, (_, index) =>
      eventText(style, { type, index, timestamp: 1_772_438_400_000, enriched: index % 2 === 0 }),
    );
    // What the simulator adds to fill an event up, and says is in no schema.
    const fill = ['sequence', 'text', 'step', 'nested', 'note'];
    const names = texts.flatMap((text) => found(type, `[${text}]`)?.names ?? []);

    expect(names.filter(({ kind, name }) => kind !== 'parameter' || !fill.includes(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  },
);

test('nothing of a story is unknown', () => {
  const story = tellStory({ seed: 1, from: Date.UTC(2026, 2, 2), days: 3 });
  const unknown = story.map((event) => found(event.type, `[${storyText(event)}]`));

  expect(unknown.filter((each) => each !== undefined)).toEqual([]);
});

describe('the sample', () => {
  test('is at most 100 events, spread over the answer', () => {
    const events = Array.from({ length: 1_000 }, (_, index) => ({ ...envelope, [`new_${place(index)}`]: 1 }));
    const counts = zeroCounters();
    look('cis', JSON.stringify(events), counts);

    expect(counts.unknown.sampled).toBe(100);
    expect(found('cis', events)?.names).toEqual(
      ['first', 'second', 'third', 'fourth', 'last'].map((name) => ({
        kind: 'member',
        name: `new_${name}`,
        count: 20,
      })),
    );
  });

  test('is one event in 25 of a run, once 100 events of it were looked at', () => {
    const counts = zeroCounters();
    const answer = JSON.stringify(Array.from({ length: 100 }, () => envelope));
    const sampled = [1, 2, 3, 4].map(() => {
      look('cis', answer, counts);
      return counts.unknown.sampled;
    });

    expect(sampled).toEqual([100, 108, 112, 116]);
  });

  test('ends at 256 KiB', () => {
    const events = Array.from({ length: 100 }, () => ({
      ...envelope,
      user_agent: 'x'.repeat(100_000),
      new: 1,
    }));

    expect(found('cis', events)).toMatchObject({ sampled: 2, members: 2 });
  });

  function place(index: number): string {
    return ['first', 'second', 'third', 'fourth', 'last'][Math.floor(index / 200)]!;
  }
});

describe('a name', () => {
  test.each([
    'new_thing',
    'riskColour',
    'ipActionRate60Sec',
    'x-correlation-id',
    'sha256',
    'oauth2_token_exchanged',
    'HTTPStatus',
    'httpStatus',
    '__proto__',
    'constructor',
    'update_policy_failed',
    'adminExportLogs',
    'ipRiskLevel',
  ])('%s is told', (name) => {
    expect(isTellable(name)).toBe(true);
  });

  test.each([
    '',
    'x'.repeat(65),
    'ana@example.com',
    'ana.meier.example.com',
    'ana_at_example.com',
    'maria.garcia',
    'alice.at.example',
    'device.name.hash',
    'mail.example.org',
    '192.0.2.1',
    'from_192.0.2.1',
    '2001-db8--1',
    '00-1A-2B-3C-4D-5E',
    'aa-bb-cc-dd-ee-ff',
    '4915112345678',
    '555-12-34',
    'user-8f3a9c1e',
    'deadbeefcafe',
    '0f8fad5b-d9cb-469f-a165-70867728950e',
    '8XrdnAMJcMD8RhVMjDipa',
    'I9ZHzI210K31O8CQpadIW',
    'Abt5xRVuE9bA4YFT9pQpC',
    'session_2026-03-02',
    'v1stgxr8z5jdhi6bmyt',
    'größe',
    '東京',
    'two words',
    'line\nbreak',
    'tab\t',
    'a"b',
    '-',
    '123',
  ])('%j is not told', (name) => {
    expect(isTellable(name)).toBe(false);
  });
});

describe('whatever names come', () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const hex = fc.stringMatching(/^[0-9a-f]{12,40}$/);
  // Of each character alike: drawn otherwise, an id may be one letter again and again.
  const base62 = fc.tuple(fc.nat(), fc.integer({ min: 28, max: 64 })).map(([seed, length]) => {
    const random = createRandom('id', seed);
    return Array.from({ length }, () =>
      random.pick([...letters, ...letters.toUpperCase(), ...'0123456789']),
    ).join('');
  });
  const hostile = fc.oneof(
    fc.emailAddress(),
    fc.uuid(),
    fc.ipV4(),
    fc.ipV6(),
    fc.webUrl(),
    hex,
    base62,
    fc.integer({ min: 1_000 }).map(String),
    fc.string({ unit: 'binary' }).filter((text) => /[^A-Za-z0-9_.-]/.test(text)),
  );

  test('no address, id or number is told, as a member, a parameter or an activity, nor any value', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 300 }), (names) => {
        const counts = zeroCounters();
        const events = names.map((name) =>
          JSON.stringify([
            { activity: name, [name]: 'value_of_member', additionalParams: { [name]: { within: 1 } } },
          ]),
        );
        for (const text of events) look('cis', text, counts);

        expect([...counts.unknown.names]).toEqual([]);
        expect(counts.unknown.activities).toBe(names.length);
        expect(JSON.stringify(unknownNamesOf(counts))).not.toContain('value_of_member');
      }),
      { numRuns: 60 },
    );
  });

  test('at most 20 are kept, and all are counted', () => {
    const names = [...letters].flatMap((one) => [...letters].map((other) => `new_thing_${one}_${other}`));
    const counts = zeroCounters();
    for (let answer = 0; answer < 20; answer += 1)
      look(
        'cis',
        JSON.stringify([{ ...envelope, ...Object.fromEntries(names.map((name) => [name, 1])) }]),
        counts,
      );

    expect(counts.unknown.names.size).toBe(20);
    expect(counts.unknown.members).toBe(20 * names.length);
    expect([...counts.unknown.names.values()].every(({ count }) => count === 20)).toBe(true);
  });

  test('a name that every object has is a name like others', () => {
    const text =
      '[{"activity":"constructor","__proto__":{"polluted":1},"additionalParams":{"toString":1,"__proto__":2}}]';
    const unknown = found('cis', text);

    expect(unknown?.names.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'activity constructor',
      'member __proto__',
      'parameter toString',
      'parameter __proto__',
    ]);
    expect(JSON.parse(JSON.stringify(unknown))).toEqual(unknown);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('the look agrees with a parser on every JSON', () => {
    const value = fc.json().filter((text) => !text.includes('__proto__'));
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('ip', 'activity', 'new')), value),
        fc.dictionary(fc.string(), value),
        (event, parameters) => {
          const text = `{${[...members(event), `"additionalParams": ${`{${members(parameters).join()}}`}`].join(', ')}}`;
          const counts = zeroCounters();
          look('risk', `[${text}]`, counts);
          const known = new Set(['ip', 'activity', 'additionalParams', 'additional_params']);
          const unknown = [
            ...Object.keys(event).filter((name) => !known.has(name)),
            ...Object.keys(parameters),
          ];

          expect(counts.unknown.members).toBe(unknown.length);
        },
      ),
    );

    function members(object: Readonly<Record<string, string>>): string[] {
      return Object.entries(object).map(([name, json]) => `${JSON.stringify(name)} : ${json}`);
    }
  });
});

function found(type: string, events: string | readonly object[]): UnknownNames | undefined {
  const counts = zeroCounters();
  look(type, typeof events === 'string' ? events : JSON.stringify(events), counts);
  return unknownNamesOf(counts);
}

function look(type: string, text: string, { unknown }: ReturnType<typeof zeroCounters>): void {
  const cut = cutEvents(Buffer.from(text));
  if ('damaged' in cut) throw new Error(cut.message);
  lookForUnknown(cut, type, unknown);
}
