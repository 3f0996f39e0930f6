import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import { eventId } from '../../../../functions/collector/answers/event-id.ts';
import { applyView } from '../../../../functions/collector/views/apply-view.ts';
import { createKeyedIds } from '../../../../functions/collector/views/keyed-id.ts';
import { pseudonymOf } from '../../../../functions/collector/views/pseudonym.ts';
import { createSeer } from '../../../../functions/collector/views/see-cut.ts';
import { ViewWriter } from '../../../../functions/collector/views/view-writer.ts';
import { compileView, viewLabel, type WrittenView } from '../../../../functions/stored/compiled-view.ts';
import { examples } from '../../../long-run.ts';
import { cutOf } from '../answers/cut-of.ts';
import { spacedArray } from '../answers/json-texts.ts';
import { drawnEvent, drawnView, viewKey } from './drawn-views.ts';
import { modelOfView } from './model.ts';

const key = viewKey();

test('a view makes of any event what the model makes of it', () => {
  fc.assert(
    fc.property(drawnView(), drawnEvent(), (view, event) => {
      expect(seen(view, event)).toBe(modelOfView(view, event, key));
    }),
    { numRuns: examples(3_000) },
  );
});

test('a view of an answer is that of its events, whether the cutter noted their members or not', () => {
  fc.assert(
    fc.property(
      drawnView(),
      fc.array(drawnEvent(), { maxLength: 4 }),
      fc.nat({ max: 5 }),
      (view, events, depth) => {
        const compiled = compileView({ ...view, key: 'arn:key' });
        const cut = cutEvents(Buffer.from(`[${events.join(' , ')}]`), { depth });
        if ('damaged' in cut) throw new Error(cut.message);

        const made = createSeer(compiled, key)(cut, 'cis', 0).cut;

        const texts = [...made.starts.keys()].map((index) =>
          Buffer.from(made.source.subarray(made.starts[index]!, made.ends[index]!)).toString(),
        );
        expect(texts).toEqual(
          events.map((event) => seen(view, event)).filter((text) => text !== 'dropped' && text !== 'refused'),
        );
      },
    ),
    { numRuns: examples(1_000) },
  );
});

test('an answer of more members than the cutter notes is seen as any other', () => {
  const events = Array.from({ length: 40 }, (_, n) => `{"a":[${'1,'.repeat(6_000)}1],"ip":"10.0.0.${n}"}`);
  const view = compileView({ members: { ip: 'network', 'a.*.b': 'mask' }, key: 'arn:key' });
  const cut = cutEvents(Buffer.from(`[${events.join(',')}]`), { depth: 3 });
  if ('damaged' in cut) throw new Error(cut.message);
  expect(cut.members!.events).toBeGreaterThan(10);
  expect(cut.members!.events).toBeLessThan(30);

  const made = createSeer(view, key)(cut, 'cis', 0).cut;

  expect(made.count).toBe(40);
  expect(Buffer.from(made.source).toString()).toBe(events.join('').replaceAll(/10\.0\.0\.\d+/g, '10.0.0.0'));
});

test('through an empty view every text is itself', () => {
  fc.assert(
    fc.property(spacedArray(), ({ elements }) => {
      for (const element of elements) expect(seen({}, element)).toBe(element);
    }),
    { numRuns: examples(1_000) },
  );
});

describe('a removed member takes one comma with it', () => {
  const view: WrittenView = { members: { x: 'remove', 'list.*.x': 'remove', 'pairs.*': 'remove' } };
  test.each([
    ['{"x":1}', '{}'],
    ['{ "x" : 1 }', '{  }'],
    ['{"x":1,"a":2}', '{"a":2}'],
    ['{"a":2,"x":1}', '{"a":2}'],
    ['{"a":2 , "x":1 , "b":3 }', '{"a":2 , "b":3 }'],
    ['{"x":1,"x":2,"a":1,"x":3,"x":4,"b":2,"x":5}', '{"a":1,"b":2}'],
    ['{"list":[{"x":1},{"y":2,"x":3}, {"x":4,"y":5} ]}', '{"list":[{},{"y":2}, {"y":5} ]}'],
    ['{"pairs":[1,[2],{"a":3}],"a":1}', '{"pairs":[],"a":1}'],
    ['{"pairs":{"a":3},"a":[ ]}', '{"pairs":{},"a":[ ]}'],
  ])('%s', (event, expected) => {
    expect(seen(view, event)).toBe(expected);
  });
});

describe('a rule meets a member', () => {
  test.each<[string, WrittenView['members'], string, string]>([
    ['whose key is escaped', { user_id: 'mask' }, '{"\\u0075ser_id":1}', '{"\\u0075ser_id":"***"}'],
    ['of each duplicate key', { ip: 'mask' }, '{"ip":1,"ip":[2]}', '{"ip":"***","ip":"***"}'],
    ['in elements', { 'a.*.b': 'mask' }, '{"a":[{"b":1},2,[{"b":1}]]}', '{"a":[{"b":"***"},2,[{"b":1}]]}'],
    [
      'in members',
      { 'a.*.b': 'mask' },
      '{"a":{"x":{"b":1},"y":{"c":1}}}',
      '{"a":{"x":{"b":"***"},"y":{"c":1}}}',
    ],
    [
      'of the other spelling',
      { 'additionalParams.e': 'mask' },
      '{"additional_params":{"e":1}}',
      '{"additional_params":{"e":"***"}}',
    ],
    [
      'written in the other spelling',
      { 'additional_params.e': 'mask' },
      '{"additionalParams":{"e":1}}',
      '{"additionalParams":{"e":"***"}}',
    ],
    ['by name before `*`', { 'a.*': 'remove', 'a.b': 'keep' }, '{"a":{"b":1,"c":2}}', '{"a":{"b":1}}'],
    [
      'and not one below another',
      { b: 'mask' },
      '{"a":{"b":1},"B":2,"bb":3,"":4}',
      '{"a":{"b":1},"B":2,"bb":3,"":4}',
    ],
  ])('%s', (_, members, event, expected) => {
    expect(seen({ members }, event)).toBe(expected);
  });
});

test('an allow-list removes every member that it does not name', () => {
  const view: WrittenView = {
    members: {
      activity: 'keep',
      'additionalParams.email': 'mask',
      user_id: 'keep',
      'user_id.secret': 'remove',
    },
    otherMembers: 'remove',
  };

  expect(
    seen(view, '{"new":1,"activity":"a","additionalParams":{"email":1,"b":2},"user_id":{"id":1,"secret":2}}'),
  ).toBe('{"activity":"a","additionalParams":{"email":"***"},"user_id":{"id":1}}');
  expect(seen(view, '{"additionalParams":"all of it"}')).toBe('{}');
});

describe('an activity', () => {
  const drops: WrittenView = { activities: { drop: ['get_user', 'action_*'] } };
  const keeps: WrittenView = { activities: { keep: ['get_user', 'action_*'] } };
  test.each([
    ['{"activity":"get_user"}', 'dropped', 'seen'],
    ['{"a":1,"activity":"action_"}', 'dropped', 'seen'],
    ['{"activit\\u0079":"\\u0067et_user"}', 'dropped', 'seen'],
    ['{"activity":"get_users"}', 'seen', 'dropped'],
    ['{"activity":["get_user"]}', 'seen', 'dropped'],
    ['{"b":{"activity":"get_user"}}', 'seen', 'dropped'],
    ['["get_user"]', 'seen', 'dropped'],
    ['{"activity":"get_user","activity":"login"}', 'dropped', 'dropped'],
    ['{"activity":"login","activity":"get_user"}', 'dropped', 'dropped'],
  ])('%s is %s where it is named to be dropped, %s where to be kept', (event, dropped, kept) => {
    expect(seen(drops, event)).toBe(dropped === 'seen' ? event : dropped);
    expect(seen(keeps, event)).toBe(kept === 'seen' ? event : kept);
  });
});

describe('fails closed:', () => {
  test('a network is made of an address alone', () => {
    const network = (value: string) => seen({ members: { ip: 'network' } }, `{"ip":${value}}`).slice(6, -1);

    expect(
      ['"203.0.113.77"', '"2001:DB8:1:2::3"', '"::1"', '"::2:3:4:5:6:7:8"', '"1::"'].map(network),
    ).toEqual(['"203.0.113.0"', '"2001:db8:1::"', '"::"', '"0:2:3::"', '"1::"']);
    for (const other of [
      '"1.2.3"',
      '"1.2.3.4 "',
      '"01.2.3.4"',
      '"1.2.3.4/32"',
      '"fe80::1%1"',
      '""',
      '3',
      '[]',
      '{}',
      'true',
    ])
      expect(network(other)).toBe('null');
  });

  test('a pseudonym is made of texts and numbers, null stays, and all else is masked', () => {
    const pseudonym = (value: string) => seen({ members: { u: 'pseudonym' } }, `{"u":${value}}`).slice(5, -1);

    expect(pseudonym('"u-1"')).toMatch(/^"p1:[A-Za-z0-9_-]{22}"$/);
    expect(pseudonym('"\\u0075-1"')).toBe(pseudonym('"u-1"'));
    expect(pseudonym('12')).toBe(pseudonym('"12"'));
    expect(pseudonym('"u-2"')).not.toBe(pseudonym('"u-1"'));
    expect(['null', 'true', '[]', '{"a":1}'].map(pseudonym)).toEqual(['null', '"***"', '"***"', '"***"']);
  });

  test('an element that is no object is refused where members are changed, and seen where they are not', () => {
    for (const element of ['"203.0.113.7"', '[{"ip":"203.0.113.7"}]', '12', 'null']) {
      expect(seen({ members: { ip: 'remove' } }, element)).toBe('refused');
      expect(seen({ otherMembers: 'remove' }, element)).toBe('refused');
      expect(seen({ activities: { drop: ['a'] } }, element)).toBe(element);
    }
  });

  test('a pseudonym of any value is the id of no event', () => {
    const rawId = eventId('cis', Buffer.from('{"user_id":"u-1"}'));

    const [, pseudonym] = pseudonymOf(viewKey(), rawId).split(':');

    expect(seen({ members: { u: 'pseudonym' } }, `{"u":"${rawId}"}`)).toBe(`{"u":"p1:${pseudonym}"}`);
    expect(Buffer.from(pseudonym!, 'base64url').toString('hex')).not.toBe(createKeyedIds(viewKey())(rawId));
  });

  test('a pseudonym without a key is a mistake in the code', () => {
    const view = compileView({ members: { u: 'pseudonym' } });
    expect(() => applyView(view, Buffer.from('{"u":1}'))).toThrow('without a key');
  });
});

describe('the memory of views is bounded:', () => {
  test('an event whose view would be more than twice as long, and 256 bytes, is refused', () => {
    const view: WrittenView = { members: { 'a.*': 'pseudonym' } };
    const eventOf = (members: number) =>
      `{"a":[${Array.from({ length: members }, (_, n) => n % 10).join(',')}]}`;

    expect(seen(view, eventOf(5))).toMatch(/^\{"a":\["p1:/);
    expect(seen(view, eventOf(50))).toBe('refused');
  });

  test('what was written before a refused or a dropped event stays as it was', () => {
    const view = compileView({ members: { 'a.*': 'pseudonym' }, activities: { drop: ['x'] } });
    const writer = new ViewWriter(view, key, 1);
    const cut = cutOf(['{"b":1}', `{"a":[${'1,'.repeat(90)}1]}`, '{"c":2,"activity":"x"}', '{"d":3}']);

    const outcomes = [0, 1, 2, 3].map((index) => writer.write(cut, index));

    expect(outcomes).toEqual(['written', 'refused', 'dropped', 'written']);
    expect(writer.target.toString('utf8', 0, writer.length)).toBe('{"b":1}{"d":3}');
  });

  test('an event of more than a million members is refused', () => {
    const event = (members: number) => `{"a":[${'1,'.repeat(members)}1],"ip":1}`;
    expect(seen({ members: { ip: 'remove', 'a.*.b': 'keep' } }, event(1_100_000))).toBe('refused');
    // Elements that no rule looks at do not count.
    const all = event(1_100_000);
    // Compared here, since the difference of two such texts takes minutes to write.
    expect(seen({ members: { ip: 'remove' } }, all) === all.replace(',"ip":1', '')).toBe(true);
  });

  test('a million brackets deep is seen as any other', () => {
    const deep = `{"x":${'[{"a":'.repeat(250_000)}null${'}]'.repeat(250_000)},"ip":1}`;
    expect(seen({ members: { ip: 'remove', 'x.*.a': 'keep' } }, deep)).toBe(deep.replace(',"ip":1', ''));
  });
});

test('each rule is counted with what it met', () => {
  const written: WrittenView = {
    activities: { drop: ['get_user', 'never'] },
    members: { ip: 'remove', 'a.*': 'mask', dead: 'remove' },
  };
  const writer = new ViewWriter(compileView(written), key);
  for (const event of ['{"ip":1,"a":[1,2,3]}', '{"ip":1,"ip":2}', '{"activity":"get_user"}'])
    writer.write(cutOf([event]), 0);

  // Sorted: get_user, never, a.*, dead, ip.
  expect([...writer.met]).toEqual([1, 0, 3, 0, 3]);
});

test('the last written event tells whether it is empty, has a member _relay, and where its timestamp lies', () => {
  const writer = new ViewWriter(compileView({ members: { x: 'remove', t: 'mask' } }), key);
  const tell = (event: string) => {
    writer.write(cutOf([event]), 0);
    const { isEmpty, hasRelayMember, timestampStart, timestampEnd, target } = writer;
    return [isEmpty, hasRelayMember, target.toString('utf8', timestampStart, timestampEnd)];
  };

  expect(tell('{"x":1,"t":2,"timestamp":"now","x":3,"_relay":{}}')).toEqual([false, true, '"now"']);
  expect(tell('{"x":"_relay"}')).toEqual([true, false, '']);
  expect(tell('{"timestamp":1,"x":{"timestamp":2},"\\u0074imestamp":33}')).toEqual([false, false, '33']);
});

test('equal views have one label, whatever their order and spelling, and other views another', () => {
  const label = (view: WrittenView) => viewLabel('v', compileView(view));

  expect(label({ members: { ip: 'mask', 'additional_params.a': 'mask' } })).toMatch(/^v@[0-9a-f]{8}$/);
  expect(label({ members: { 'additionalParams.a': 'mask', ip: 'mask' }, otherMembers: 'keep' })).toBe(
    label({ members: { ip: 'mask', 'additional_params.a': 'mask' } }),
  );
  expect(label({ members: { ip: 'remove' } })).not.toBe(label({ members: { ip: 'mask' } }));
});

function seen(view: WrittenView, event: string): string {
  const made = applyView(compileView(view), Buffer.from(event), key);
  return typeof made === 'string' ? made : Buffer.from(made).toString();
}
