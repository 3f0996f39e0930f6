import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is compared before a release. */
export interface ReleaseFacts {
  /** Of package.json. */
  readonly version: string;
  /** Of package-lock.json, in both places where it stands. */
  readonly locked: readonly string[];
  readonly changelog: string;
  /** Absent before there is one. */
  readonly tag?: string;
  /** Versions whose assembly is kept. Absent where it is about to be kept. */
  readonly kept?: readonly string[];
}

/** The facts of this repository, but for what is kept. */
export function releaseFacts(root: string, tag: string | undefined): ReleaseFacts {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { readonly version: string };
  const lock = JSON.parse(read('package-lock.json')) as {
    readonly version: string;
    readonly packages: { readonly '': { readonly version: string } };
  };
  const facts = {
    version,
    locked: [lock.version, lock.packages[''].version],
    changelog: read('CHANGELOG.md'),
  };
  return tag === undefined ? facts : { ...facts, tag };
}

/** A line for each thing that stands in the way of a release. */
export function releaseProblems({ version, locked, changelog, tag, kept }: ReleaseFacts): readonly string[] {
  const problems: string[] = [];
  if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json: ${version} is no version such as 1.2.3`);
  const other = locked.find((each) => each !== version);
  if (other !== undefined)
    problems.push(`package-lock.json: has ${other}, and package.json ${version}; run npm install`);
  const sections = sectionsOf(changelog);
  const section = sections.find(({ title }) => title.startsWith(`[${version}]`));
  if (section === undefined) problems.push(`CHANGELOG.md: has no section [${version}]`);
  else {
    if (!/^\[[\d.]+\] - \d{4}-\d\d-\d\d$/.test(section.title))
      problems.push(`CHANGELOG.md: the section [${version}] has no date such as 2026-11-30`);
    if (section.entries === 0) problems.push(`CHANGELOG.md: the section [${version}] is empty`);
  }
  if (tag !== undefined) {
    if (tag !== `v${version}`)
      problems.push(`the tag ${tag} is not v${version}, the version of package.json`);
    const waiting = unreleased(changelog);
    if (waiting > 0)
      problems.push(`CHANGELOG.md: ${waiting} entries stand under [Unreleased]; give them to a version`);
    if (kept?.includes(version) === false)
      problems.push(`test/fixtures/releases: ${version} is not kept there; npm run release keeps it`);
  }
  return problems;
}

/** Entries that no version has yet. */
export function unreleased(changelog: string): number {
  return sectionsOf(changelog).find(({ title }) => title.startsWith('[Unreleased]'))?.entries ?? 0;
}

function sectionsOf(changelog: string) {
  return changelog
    .split(/^## /m)
    .slice(1)
    .map((text) => ({
      title: text.split('\n')[0]!.trim(),
      entries: text.split('\n').filter((line) => /^[-*] /.test(line)).length,
    }));
}
