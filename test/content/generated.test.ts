import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentFiles } from '../../content/generate/content-files.ts';
import { tarball } from '../../content/generate/tarball.ts';

const content = join(import.meta.dirname, '../../content');

test('what is installed in a SIEM is what the table makes: else run "npm run content"', () => {
  const files = contentFiles();
  const committed = globSync('splunk/**/*.*', { cwd: content });

  expect(committed.map((path) => path.replaceAll('\\', '/')).toSorted()).toEqual(
    [...files.keys()].toSorted(),
  );
  for (const [path, text] of files) expect(readFileSync(join(content, path), 'utf8'), path).toBe(text);
});

test('a lookup’s cells hold no comma, quote or line break', () => {
  const rows = contentFiles()
    .get('splunk/mosaic_siem_relay/lookups/mosaic_activities.csv')!
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([rows[0]!.length]));
  expect(rows.flat().filter((cell) => /["\n]/.test(cell))).toEqual([]);
});

test('an archive has an entry for each folder and file, in blocks of 512 bytes, and is the same each time', () => {
  const files = new Map([
    ['app/a.conf', 'x'.repeat(513)],
    ['app/data/b.xml', ''],
  ]);
  const archive = gunzipSync(tarball(files));
  const names = [0, 512, 1024, 512 * 5].map((at) => archive.subarray(at, archive.indexOf(0, at)).toString());

  expect(names).toEqual(['app/', 'app/data/', 'app/a.conf', 'app/data/b.xml']);
  expect(archive.length % 512).toBe(0);
  expect(archive.subarray(-1024).every((byte) => byte === 0)).toBe(true);
  expect(tarball(files)).toEqual(tarball(files));
  expect(() => tarball(new Map([['x'.repeat(101), '']]))).toThrow('is longer than a name');
});
