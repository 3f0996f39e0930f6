import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

test.each([
  ['no tsconfig.json', undefined],
  ['a tsconfig.json of another mind', { strict: false, target: 'es5', useDefineForClassFields: false }],
])('the code of a bundle is the same beside %s', (_, compilerOptions) => {
  const copy = mkdtempSync(join(tmpdir(), 'relay-bundle-'));
  try {
    cpSync(join(root, 'functions'), join(copy, 'functions'), { recursive: true });
    mkdirSync(join(copy, 'infra/constructs'), { recursive: true });
    for (const file of ['infra/constructs/make-bundle.ts', 'package.json'])
      cpSync(join(root, file), join(copy, file));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    if (compilerOptions !== undefined)
      writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    const program = `const { makeBundle } = await import('./infra/constructs/make-bundle.ts');
process.stdout.write(makeBundle('object-copier').find(({ path }) => path === 'index.cjs').contents);`;
    const words = ['--input-type=module', '--eval', program];

    const code = execFileSync(process.execPath, words, { cwd: copy, maxBuffer: 1e7 });

    expect(digest({ path: 'index.cjs', contents: code })).toBe(
      bundle('object-copier')
        .filter(({ path }) => path === 'index.cjs')
        .map(digest)
        .join(),
    );
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

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
