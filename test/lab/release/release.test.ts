import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  keepRelease,
  keptVersions,
  readRelease,
  releaseFile,
  unpackRelease,
} from '../../../lab/release/kept-release.ts';
import { type ReleaseFacts, releaseFacts, releaseProblems } from '../../../lab/release/release-facts.ts';

const root = join(import.meta.dirname, '../../..');

const ready: ReleaseFacts = {
  version: '1.2.3',
  locked: ['1.2.3', '1.2.3'],
  changelog: '# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-11-30\n\n### Added\n- a thing.\n',
  tag: 'v1.2.3',
};

describe('a release', () => {
  test('is ready where version, lock, changelog and tag agree', () => {
    expect(releaseProblems(ready)).toEqual([]);
    expect(releaseProblems({ ...ready, kept: ['1.2.2', '1.2.3'] })).toEqual([]);
  });

  test.each<[string, Partial<ReleaseFacts>, RegExp]>([
    ['another tag', { tag: 'v1.2.4' }, /the tag v1\.2\.4 is not v1\.2\.3/],
    ['another version in the lock', { locked: ['1.2.3', '1.2.2'] }, /package-lock\.json: has 1\.2\.2/],
    ['no section of the version', { changelog: '## [1.2.2] - 2026-11-01\n- a\n' }, /no section \[1\.2\.3\]/],
    ['a section without a date', { changelog: '## [1.2.3]\n- a thing.\n' }, /\[1\.2\.3\] has no date/],
    [
      'an empty section',
      { changelog: '## [1.2.3] - 2026-11-30\n\n## [1.2.2]\n- a\n' },
      /\[1\.2\.3\] is empty/,
    ],
    [
      'entries that no version has',
      { changelog: ready.changelog.replace('[Unreleased]\n', '[Unreleased]\n- more.\n') },
      /1 entries stand under \[Unreleased\]/,
    ],
    [
      'an assembly that is not kept',
      { kept: ['1.2.2'] },
      /1\.2\.3 is not kept there; npm run release keeps it/,
    ],
  ])('is refused for %s, and for nothing else', (_, changed, line) => {
    expect(releaseProblems({ ...ready, ...changed })).toEqual([expect.stringMatching(line)]);
  });

  test('without a tag may leave entries to the next version', () => {
    const { tag: _, ...untagged } = ready;
    const changelog = ready.changelog.replace('[Unreleased]\n', '[Unreleased]\n- more.\n');

    expect(releaseProblems({ ...untagged, changelog })).toEqual([]);
  });
});

describe('the assembly of a release', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'relay-kept-'));
    unpackRelease('0.1.0', join(folder, 'assembly'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is said before it is kept, with nothing written, and is what is written then', () => {
    const release = { version: '1.2.3', folder: join(folder, 'releases') };

    const { file, contents } = releaseFile(join(folder, 'assembly'), release);
    expect([file, existsSync(release.folder)]).toEqual([join(release.folder, '1.2.3.json.br'), false]);

    expect(keepRelease(join(folder, 'assembly'), release)).toBe(file);
    expect(readFileSync(file).equals(contents)).toBe(true);
    expect(keptVersions(release.folder)).toEqual(['1.2.3']);
    // A release that is kept once more from what was kept is the same.
    expect(filesOf(file)).toEqual(readRelease('0.1.0'));
  });

  test('does not change once it is kept', () => {
    const release = { version: '1.2.3', folder: join(folder, 'releases') };
    keepRelease(join(folder, 'assembly'), release);

    expect(() => keepRelease(join(folder, 'assembly'), release)).toThrow(/^1\.2\.3 is kept already in /);
    expect(() => releaseFile(join(folder, 'assembly'), release)).toThrow(/^1\.2\.3 is kept already in /);
  });

  function filesOf(file: string): unknown {
    return JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8'));
  }
});

test('version, lock and changelog of this repository agree', () => {
  expect(releaseProblems(releaseFacts(root, undefined))).toEqual([]);
});

test('the workflow says first that it was not tried, publishes a tarball that was tested, and keeps no token', () => {
  const lines = readFileSync(join(root, '.github/workflows/release.yaml'), 'utf8').split('\n');
  const placeOf = (words: string) => lines.findIndex((line) => line.includes(words));

  expect(lines[0]).toMatch(/^# Not tried: /);
  expect(placeOf('npm run release -- --dry-run --tag')).toBeGreaterThan(placeOf('npm ci'));
  expect(placeOf('npm publish')).toBeGreaterThan(placeOf('npm run release'));
  expect(lines[placeOf('npm publish')]).toContain('--provenance');
  // Where npm run pack leaves it.
  expect(lines[placeOf('npm publish')]).toContain(' ./packed/*.tgz ');
  expect(readFileSync(join(root, 'lab/package/pack.ts'), 'utf8')).toContain("join(root, 'packed')");
  expect(lines.join('\n')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN/);
});
