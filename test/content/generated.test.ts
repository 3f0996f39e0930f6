import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { contentFiles } from '../../content/generate/content-files.ts';
import { knownNamesFile, knownNamesSource } from '../../content/generate/known-names.ts';
import { sentinelColumns, sentinelTransformation } from '../../content/generate/sentinel-template.ts';
import { tarball } from '../../content/generate/tarball.ts';

/** Queries that pySigma compiles, and beside them the few that are written by hand. */
const compiledByOthers = /^detections\/(spl|esql|sql)\//;

const content = join(import.meta.dirname, '../../content');

test('what is installed in a SIEM is what the table makes: else run "npm run content"', () => {
  const files = contentFiles();
  const committed = globSync(
    '{splunk/**/*.*,sentinel/**/*.*,elastic/*,opensearch/{ecs-,ingest-}*,datadog/*,detections/*.yml,detections/kql/*}',
    {
      cwd: content,
    },
  );

  expect(committed.map((path) => path.replaceAll('\\', '/')).toSorted()).toEqual(
    [...files.keys()].filter((path) => !compiledByOthers.test(path)).toSorted(),
  );
  for (const [path, text] of files) expect(readFileSync(join(content, path), 'utf8'), path).toBe(text);
});

test('the names that the collector knows are those of the table: else run "npm run content"', () => {
  expect(readFileSync(join(content, '..', knownNamesFile), 'utf8')).toBe(knownNamesSource());
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

test('the template for Sentinel makes the table and the rule that the page makes by hand', () => {
  const page = readFileSync(join(content, '../docs/sentinel.md'), 'utf8');
  const columns = /--columns ([\s\S]*?)\n\n/
    .exec(page)![1]!
    .split(/[\s\\]+/)
    .filter((word) => word !== '');

  expect(Object.entries(sentinelColumns).map(([name, type]) => `${name}=${type}`)).toEqual(columns);
  expect(/"transformKql": "(.*)"/.exec(page)![1]).toBe(sentinelTransformation);
});

test('a name in a template for Azure is one of a resource of the template, in ARM and in Bicep', () => {
  const arm = JSON.parse(contentFiles().get('sentinel/azuredeploy.json')!);
  const bicep = contentFiles().get('sentinel/main.bicep')!;
  const ids = arm.resources.map(({ type, name }: { readonly type: string; readonly name: string }) =>
    idOf(type, name),
  );

  expect(
    arm.resources.flatMap(({ dependsOn = [] }) => dependsOn).filter((id: string) => !ids.includes(id)),
  ).toEqual([]);
  expect([...bicep.matchAll(/^resource (\w+) '([^']+)'/gm)].map(([, , type]) => type)).toEqual(
    arm.resources.map(({ type, apiVersion }: Record<string, string>) => `${type}@${apiVersion}`),
  );
});

/** ARM's expression for the id of a resource of the template, whose child is named by its parent, a slash and its name. */
function idOf(type: string, name: string): string {
  const child = /^\[format\('\{0\}\/(.*)', (.*)\)\]$/.exec(name);
  return `[resourceId('${type}', ${child === null ? name.slice(1, -1) : `${child[2]}, '${child[1]}'`})]`;
}

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
