import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../infra/constructs/function-bundle.ts';

const root = join(import.meta.dirname, '../..');

test.each(['collector', 'stream-lifecycle', 'object-copier'])(
  'the bundle of %s is the same each time, and says nothing of the machine that made it',
  (name) => {
    const files = bundle(name);
    expect(files.map(({ path }) => path).toSorted()).toEqual(['index.mjs', 'index.mjs.map']);
    expect(bundle(name).map(digest)).toEqual(files.map(digest));
    for (const { contents } of files) expect(Buffer.from(contents).includes(root)).toBe(false);
  },
);

test('no bundle carries the credential chain of a workstation', () => {
  const [code] = bundle('collector').filter(({ path }) => path === 'index.mjs');
  expect(Buffer.from(code?.contents ?? '').includes('sso_start_url')).toBe(false);
});

function digest({ path, contents }: { readonly path: string; readonly contents: Uint8Array }): string {
  return `${path} ${createHash('sha256').update(contents).digest('hex')}`;
}
