import { expect, test } from 'vitest';
import { compileShape } from '../../content/mapping/ocsf.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { createSeer } from '../../functions/collector/views/see-cut.ts';
import { compileView, viewLabel } from '../../functions/stored/compiled-view.ts';
import { cutOf } from '../functions/collector/answers/cut-of.ts';
import { blocksOf } from './code-blocks.ts';

test('the line of the page of shapes is what the collector writes of its event, but for the digest of the table', () => {
  const [event, line] = blocksOf('json')
    .filter(({ page }) => page === 'docs/shapes.md')
    .map(({ code }) => code.trim());
  const view = { ...compileView({}), shape: compileShape('ocsf-1.5', 'cis', { rawData: true }) };
  const collectedAt = Date.parse('2026-03-02T08:00:01.828Z');
  const { cut } = createSeer(view, undefined)(cutOf([event!]), 'cis', collectedAt);
  const facts = { type: 'cis', stream: 'relay-cis', collectedAt, view: viewLabel('ocsf-1.5', view) };
  const format = createLineFormat('relay-line', 'prod');
  const [made] = prepareRecords(cut, facts, { format, packing: 'single' }).records;

  expect(withoutDigest(line!)).toBe(withoutDigest(Buffer.from(made!).toString()));
});

function withoutDigest(line: string): string {
  return line.replace(/"ocsf-1\.5@[0-9a-f]{8}"/, '"ocsf-1.5"');
}
