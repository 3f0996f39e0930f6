import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle, bundleCeilings, functionNames } from '../../infra/constructs/function-bundle.ts';
import { makeBundle } from '../../infra/constructs/make-bundle.ts';

const root = join(import.meta.dirname, '../..');

test.each(functionNames)(
  'the bundle of %s is the same each time, and says nothing of the machine that made it',
  (name) => {
    const files = bundle(name);
    expect(files.map(({ path }) => path).toSorted()).toEqual(['index.cjs', 'index.cjs.map']);
    expect(makeBundle(name).map(digest)).toEqual(files.map(digest));
    for (const { contents } of files) expect(Buffer.from(contents).includes(root)).toBe(false);
  },
);

test.each(functionNames)('the bundle of %s is within its ceiling', (name) => {
  const code = bundle(name).find(({ path }) => path === 'index.cjs');
  expect(code?.contents.length).toBeLessThanOrEqual(bundleCeilings.bytes);
});

test('no bundle carries the credential chain of a workstation', () => {
  const [code] = bundle('collector').filter(({ path }) => path === 'index.cjs');
  expect(Buffer.from(code?.contents ?? '').includes('sso_start_url')).toBe(false);
});

function digest({ path, contents }: { readonly path: string; readonly contents: Uint8Array }): string {
  return `${path} ${createHash('sha256').update(contents).digest('hex')}`;
}
