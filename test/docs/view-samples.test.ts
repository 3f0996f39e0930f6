import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { createSeer } from '../../functions/collector/views/see-cut.ts';
import { compileView, viewLabel, type WrittenView } from '../../functions/stored/compiled-view.ts';
import { cutOf } from '../functions/collector/answers/cut-of.ts';
import { blocksOf, pages } from './code-blocks.ts';

const { text } = pages.find(({ page }) => page === 'docs/views.md')!;
const examples = text
  .slice(text.indexOf('## Three examples'), text.indexOf('## What is exact'))
  .split(/^### /m)
  .slice(1);
const key = { id: 'p1', secret: Buffer.alloc(32) };

test.each(examples.map((example) => [example.slice(0, example.indexOf('\n')), example] as const))(
  'the lines of the example "%s" are those that the collector writes of its events',
  (_, example) => {
    const settings = example.match(/```ts\n([\s\S]*?)```/)![1];
    const samples = blocksOf('json')
      .map(({ code }) => code.trim())
      .filter((code) => example.includes(code));
    const isLine = (code: string): boolean => code.includes('"collected_at"');

    const lines = linesOf(
      runInNewContext(`({ ${settings} })`),
      samples.filter((code) => !isLine(code)),
    );

    expect(lines).toHaveLength(1);
    expect(samples.filter(isLine)).toEqual(lines);
  },
);

test('the page has an example of noise, of a cloud and of analysts', () => {
  expect(examples).toHaveLength(3);
});

function linesOf(
  { views, streams }: { views: Record<string, WrittenView>; streams: { destinations: { kind: string }[] }[] },
  events: readonly string[],
): readonly string[] {
  const [[name, written]] = Object.entries(views) as [[string, WrittenView]];
  const view = compileView(JSON.parse(JSON.stringify(written)));
  const seen = createSeer(view, view.key === undefined ? undefined : key)(cutOf(events), 'cis', 0);
  const collectedAt = Date.parse('2026-03-02T08:00:01.828Z');
  const facts = { type: 'cis', stream: 'relay-cis', collectedAt, view: viewLabel(name, view), key: seen.key };
  const isSplunk = streams[0]!.destinations[0]!.kind === 'splunk';
  const format = createLineFormat(isSplunk ? 'splunk-envelope' : 'relay-line', 'prod');
  return prepareRecords(seen.cut, facts, { format, packing: 'single' }).records.map((record) =>
    Buffer.from(record).toString(),
  );
}
