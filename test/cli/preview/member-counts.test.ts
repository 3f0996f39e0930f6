import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMemberCounts } from '../../../cli/preview/member-counts.ts';
import { createSeer } from '../../../functions/collector/views/see-cut.ts';
import { compileView, type WrittenView, writtenPath } from '../../../functions/stored/compiled-view.ts';
import { cutOf } from '../../functions/collector/answers/cut-of.ts';
import { drawnEvent, drawnView, viewKey } from '../../functions/collector/views/drawn-views.ts';

describe('the counts of a view of members', () => {
  test('are those of the collector, whatever the view and the events', () => {
    fc.assert(
      fc.property(drawnView(), fc.array(drawnEvent(), { minLength: 1, maxLength: 4 }), (written, events) => {
        const view = compileView({ ...written, activities: undefined } as WrittenView);
        const counts = createMemberCounts(view);
        const seen = createSeer(view, viewKey())(cutOf(events), 'cis', 0);
        // The collector counts in events that it then refuses, too.
        if (seen.counts.refused > 0) return;
        for (const event of events) counts.add(Buffer.from(event), 0);

        const met = view.members.flatMap((rule, index) => {
          const { times } = counts.met[index]!;
          return times === 0 ? [] : [[`${rule.action} ${writtenPath(rule)}`, times] as const];
        });
        expect(Object.fromEntries(met)).toEqual(seen.counts.rules);
      }),
      { numRuns: 300 },
    );
  });

  test('tell the events that a rule met in apart from how often it met', () => {
    const counts = createMemberCounts(compileView({ members: { 'list.*': 'mask', ip: 'network' } }));
    counts.add(Buffer.from('{"list":[1,2,3]}'), 0);
    counts.add(Buffer.from('{"list":[4],"ip":"1.2.3.4","ip":"1.2.3.5"}'), 0);

    const byRule = counts.met.map(({ times, events }) => [times, events]);
    expect(byRule).toEqual([
      [2, 1],
      [4, 2],
    ]);
  });
});

describe('a member that no rule names', () => {
  const unnamed = (members: WrittenView['members'], ...events: readonly string[]) => {
    const counts = createMemberCounts(compileView({ members }));
    for (const event of events) counts.add(Buffer.from(event), 0);
    return counts.unnamed().map(({ path, events: number }) => `${path} ${number}`);
  };

  test('is named once, with nothing below it, the most frequent first', () => {
    expect(
      unnamed({ ip: 'mask' }, '{"ip":1,"a":{"b":2}}', '{"u\\u0073er":1,"a":[3]}', '{"user":2,"a":1}'),
    ).toEqual(['a 3', 'user 2']);
  });

  test('is told below a place where a rule reaches, in both spellings of additionalParams', () => {
    expect(
      unnamed(
        { 'additionalParams.email': 'mask' },
        '{"additional_params":{"email":1,"phone":{"x":1}}}',
        '{"additionalParams":{"phone":2}}',
      ),
    ).toEqual(['additionalParams.phone 2']);
  });

  test('is not what a rule keeps, masks or removes as a whole', () => {
    expect(
      unnamed(
        { a: 'keep', 'a.b': 'remove', c: 'mask', '*': 'remove' },
        '{"a":{"b":1,"d":2},"c":{"e":1},"f":1}',
      ),
    ).toEqual([]);
  });
});

test('an event with more members than are kept by name is still met by every rule', () => {
  const counts = createMemberCounts(compileView({ members: { ip: 'mask' } }));
  for (let index = 0; index < 6_000; index += 1) counts.add(Buffer.from(`{"m${index}":1}`), 0);
  counts.add(Buffer.from('{"ip":1}'), 0);
  counts.add(Buffer.from('{"ip":1}'), 0);

  expect(counts.met[0]).toMatchObject({ times: 2, events: 2 });
  expect(counts.paths().length).toBeLessThanOrEqual(5_000);
});
