import { expect, test } from 'vitest';
import { seekValue } from '../../../cli/erase/sought-value.ts';
import { applyView } from '../../../functions/collector/views/apply-view.ts';
import { pseudonymOf } from '../../../functions/collector/views/pseudonym.ts';
import { compileView } from '../../../functions/stored/compiled-view.ts';

const isIn = (members: readonly string[], event: string, value = 'u-1') =>
  seekValue(members, [value]).isIn(Buffer.from(event));

test.each([
  ['user_id', '{"user_id":"u-1"}'],
  ['user_id', '{"\\u0075ser_id" : "u\\u002d1"}'],
  ['user_id', '{"user_id":"u-1","user_id":"u-2"}'],
  ['user_id', '{"user_id":"u-2","user_id":"u-1"}'],
  ['additionalParams.x', '{"additionalParams":{"x":"u-1"}}'],
  ['additionalParams.x', '{"additional_params":{"x":"u-1"}}'],
  ['additional_params.x', '{"additionalParams":{"x":"u-1"}}'],
  ['additionalParams.*.prev', '{"additionalParams":{"y":{"prev":"u-1"}}}'],
  ['ids.*', '{"ids":["u-2","u-1"]}'],
  ['*', '{"a":[{"b":[1,"u-1"]}]}'],
  ['*', '"u-1"'],
  ['*', '{"u-1":"a"}'],
  ['*', '{"a":[{"\\u0075-1" : {}}]}'],
])('--member %s finds the value in %s', (member, event) => {
  expect(isIn([member], event)).toBe(true);
});

test.each([
  ['user_id', '{"actor_id":"u-1"}'],
  ['user_id', '{"user_id":"u-12"}'],
  ['user_id', '{"user_id":{"user_id":"u-1"}}'],
  ['user_id', '{"a":{"user_id":"u-1"}}'],
  ['x', '{"additionalParams":{"x":"u-1"}}'],
  ['ids', '{"ids":["u-1"]}'],
  ['a.*', '{"a":"u-1"}'],
  ['a.*', '{"a":{"u-1":"a"}}'],
  ['*', '{"text":"of u-1 and others"}'],
  ['user_id', '{"a":"\\"user_id\\":\\"u-1\\""}'],
])('--member %s does not find it in %s', (member, event) => {
  expect(isIn([member], event)).toBe(false);
});

test('a number is found by its spelling, and a text that is no JSON by the value alone', () => {
  expect(isIn(['n'], '{"n":17}', '17')).toBe(true);
  expect(isIn(['n'], '{"n":1.7e1}', '17')).toBe(false);
  expect(isIn(['n'], '{"user":"u-1', 'u-1')).toBe(true);
});

test('an event of any depth is searched, and below the deepest place the text counts', () => {
  const deep = `${'{"a":'.repeat(5_000)}"u-1"${'}'.repeat(5_000)}`;

  expect(isIn(['*'], deep)).toBe(true);
  expect(isIn(['*'], deep, 'u-2')).toBe(false);
});

test('the pseudonym of a value is the one that views make', () => {
  const key = { id: 'p1', secret: Buffer.alloc(32, 7) };
  const view = compileView({ members: { user_id: 'pseudonym' }, key: 'arn' });

  for (const value of ['u-1', 'é"\\', '17']) {
    const event = Buffer.from(JSON.stringify({ user_id: value }));
    const seen = applyView(view, event, key) as Uint8Array;
    expect(JSON.parse(Buffer.from(seen).toString()).user_id).toBe(pseudonymOf(key, value));
  }
});

test('a text that is no JSON holds the value however its escapes spell it', () => {
  const isAnywhere = (text: string) => seekValue(['user_id'], ['u-1/"x"']).isAnywhereIn(Buffer.from(text));

  expect(isAnywhere('[{"user_id":"\\u0075-1\\/\\"x\\u0022","a":1')).toBe(true);
  expect(isAnywhere('[{"user_id":"\\\\u0075-1\\/\\"x\\u0022","a":1')).toBe(false);
});
