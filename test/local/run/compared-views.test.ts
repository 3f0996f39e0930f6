import { expect, test } from 'vitest';
import { createSeer } from '../../../functions/collector/views/see-cut.ts';
import { compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { seenThrough } from '../../../local/run/seen-through.ts';
import { viewKey } from '../../../local/view-keys.ts';
import { cutOf } from '../../functions/collector/answers/cut-of.ts';
import { compare, line, seenLine } from './comparison-case.ts';

const [first, second, dropped] = ['{"a":1,"user":"u"}', '{"a":2,"user":"u"}', '{"drop":1}'];
const masked = (event: string) => event.replace('"u"', '"***"');
const seenByLast = (event: string) => (event === dropped ? undefined : masked(event));

test('what a view drops counts as delivered, and beside it as dropped; nothing is missing', async () => {
  const result = await compare({
    generated: [first, second, dropped],
    holdings: [
      [first, second, dropped].map(line),
      [first, second].map((event) => seenLine(event, masked(event))),
    ],
    seenByLast,
  });

  expect(result).toMatchObject({ delivered: 3, missing: 0, duplicates: 0, dropped: 1 });
  expect(result.destinations).toMatchObject([
    { delivered: 3, dropped: 0, altered: 0 },
    { delivered: 3, dropped: 1, missing: 0, altered: 0, foreign: 0 },
  ]);
});

test('a dropped event that was never collected is missing', async () => {
  const result = await compare({
    generated: [first, dropped],
    journaled: [first],
    holdings: [[seenLine(first, masked(first))]],
    seenByLast,
  });

  expect(result.destinations).toMatchObject([{ delivered: 1, dropped: 0, missing: 1 }]);
});

test('a line that shows what the view masks is altered, and its event missing', async () => {
  const result = await compare({ generated: [first], holdings: [[seenLine(first, first)]], seenByLast });

  expect(result.destinations).toMatchObject([{ delivered: 0, altered: 1, missing: 1 }]);
});

test('a line of another view, or of none, is not delivered', async () => {
  const other = seenLine(first, masked(first), { view: 'w@11111111' });
  const result = await compare({ generated: [first, second], holdings: [[other, line(second)]], seenByLast });

  expect(result.destinations).toMatchObject([{ delivered: 0, altered: 1, missing: 2 }]);
  const withoutView = await compare({ generated: [first], holdings: [[seenLine(first, first)]] });
  expect(withoutView.destinations).toMatchObject([{ delivered: 0, missing: 1 }]);
});

test('lines of several keys are delivered, each by the key that it names, and no line by another', async () => {
  const lines = [seenLine(first, masked(first)), seenLine(second, masked(second), { key: 'k2' })];
  const misnamed = seenLine(second, masked(second), { key: 'k2', named: 'k1' });
  const unknown = seenLine(second, masked(second), { key: 'k3' });
  const comparisonOf = (holding: readonly string[]) =>
    compare({ generated: [first, second, dropped], holdings: [holding], seenByLast });

  expect((await comparisonOf(lines)).destinations).toMatchObject([
    { delivered: 3, dropped: 1, missing: 0, altered: 0, foreign: 0 },
  ]);
  for (const wrong of [misnamed, unknown])
    expect((await comparisonOf([lines[0]!, wrong])).destinations).toMatchObject([{ missing: 1, foreign: 1 }]);
  const again = seenLine(first, masked(first), { key: 'k2' });
  expect((await comparisonOf([...lines, again])).destinations).toMatchObject([
    { delivered: 3, duplicates: 1 },
  ]);
});

test('the comparison makes of an event what the collector makes of it', () => {
  const key = 'arn:key';
  const view = compileView({ activities: { drop: ['x'] }, members: { user: 'pseudonym' }, key });
  const label = viewLabel('v', view);
  const through = seenThrough({ type: 'cis' }, { view: label } as never, {
    views: { [label]: view },
    viewKeyIds: ['local', 'local-1'],
  })!;
  const event = '{"activity":"y",\n"user":"u"}';
  const { cut } = createSeer(view, viewKey(key))(cutOf([event]), 'cis', 0);

  const seen = through.see(Buffer.from(event), 'local')!;
  const rotated = through.see(Buffer.from(event), 'local-1')!;

  expect(Buffer.from(seen.bytes).toString()).toBe(Buffer.from(cut.singleLine).toString());
  expect(Buffer.from(seen.bytes).toString()).toMatch(/^\{"activity":"y", "user":"local:/);
  expect(seen.id).toMatch(/^[0-9a-f]{32}$/);
  expect(Buffer.from(rotated.bytes).toString()).toMatch(/^\{"activity":"y", "user":"local-1:/);
  expect(rotated.id).not.toBe(seen.id);
  expect(through.see(Buffer.from('{"activity":"x"}'), 'local')).toBeUndefined();
  expect(seenThrough({ type: 'cis' }, {} as never, { views: {}, viewKeyIds: [] })).toBeUndefined();
});
