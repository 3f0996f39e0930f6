import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Template } from '../../../cli/explain/template-file.ts';
import { versionOf } from '../../../cli/upgrade/deployed-version.ts';
import { notesSince } from '../../../cli/upgrade/release-notes.ts';
import { chooseStage } from '../../../infra/config/choose-stage.ts';
import { relayVersion, versionMetadata } from '../../../infra/config/relay-version.ts';
import { unpackRelease } from '../../../lab/release/kept-release.ts';
import { stages } from '../../../lab/release/settings.ts';
import { templatesOf } from '../../infra/synthesized.ts';
import { runRelay } from '../run-relay.ts';

const file = 'mosaic-relay-dev.template.json';
let folder: string;
let today: Template;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-upgrade-check-'));
  unpackRelease('0.1.0', join(folder, '0.1.0'));
  const chosen = chooseStage(stages, 'dev');
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const templates = templatesOf(chosen.stage);
  for (const [name, template] of templates) await writeFile(join(folder, name), JSON.stringify(template));
  today = templates.get(file) as unknown as Template;
});
afterAll(() => rm(folder, { recursive: true }));

describe('an upgrade of a stack that 0.1.0 deployed', () => {
  test('is told to replace nothing, with each change and what the versions between say', async () => {
    const { code, out } = await check(today);

    expect(code).toBe(0);
    expect(out.split('\n\n')[0]!.replaceAll('\n', ' ')).toBe(
      `Stack mosaic-relay-dev: 0.1.0 is deployed, and this is a version after ${relayVersion()} that is not released yet.`,
    );
    expect(out).toMatch(/No data and no name is replaced or deleted: deploy it/);
    expect(out).toMatch(/\n {2}changed [^:]*function ×\d+/);
    expect(out).toMatch(
      /From 0\.1\.0 to 0\.2\.0, by docs\/upgrade\.md\n {2}A collector's environment\n {4}before: a variable for each setting[\s\S]*?\n {4}now: one variable/,
    );
    expect(out.indexOf('From 0.1.0')).toBeLessThan(out.indexOf('From 0.2.0'));
  });

  test('is told in lines that a terminal of 80 columns has, without notes about other kinds', async () => {
    const { out } = await check(today);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/\n {2}Splunk's host, /);
    expect(out).not.toMatch(/\n {2}(An openSearch|dynatrace)/);
    expect(out).toMatch(/\n2 notes about kinds of destination that this stage does not have: --all\n/);
    expect((await check(today, '--all')).out).toMatch(
      /\n {2}An openSearch destination\n[\s\S]*\n {2}dynatrace\n/,
    );
  });

  test('ends with 1 where a table would be replaced, and says so in the end', async () => {
    const Resources = Object.entries(today.Resources).map(([id, each]) =>
      each.Type === 'AWS::DynamoDB::Table'
        ? [id, { ...each, Properties: { ...each.Properties, KeySchema: [] } }]
        : [id, each],
    );
    const { code, out } = await check({ ...today, Resources: Object.fromEntries(Resources) });

    expect(code).toBe(1);
    expect(out).toMatch(/Do not deploy yet: data or names are replaced or deleted by 1 change\.$/);
  });

  test('ends with 1 where the settings hold examples, which a deploy refuses', async () => {
    const { code, out } = await check({ ...today, Rules: { ExampleValues: {} } });
    expect(code).toBe(1);
    expect(out).toMatch(/The deploy will be refused, for 1 reason\.$/);
  });

  test('is one object as JSON', async () => {
    const { out } = await check(today, '--json');
    expect(JSON.parse(out)).toMatchObject({
      from: '0.1.0',
      to: relayVersion(),
      verdict: expect.stringMatching(/^No data/),
    });
  });
});

test('the synth is told at once, and what the CDK says only where it fails', async () => {
  const tools = join(folder, 'tools');
  await mkdir(tools);
  const npx = (lines: string) => writeFile(join(tools, 'npx'), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${tools}:${process.env.PATH}`);
  const synthesised = () => runRelay(['upgrade-check', '--against', join(folder, '0.1.0', file)]);

  // The folder of the assembly is the last word.
  await npx(
    `echo 'Bundling asset a/Code/Stage...' >&2; for out; do :; done; cp '${folder}'/*.template.json "$out"`,
  );
  const good = await synthesised();
  await npx(`echo 'Bundling asset a/Code/Stage...' >&2; echo 'it broke' >&2; exit 1`);
  const bad = await synthesised();
  vi.unstubAllEnvs();

  expect([good.code, good.problems]).toEqual([0, 'Synthesising stage dev with this version']);
  expect([bad.code, bad.problems]).toEqual([
    2,
    expect.stringMatching(
      /^Synthesising stage dev[^\n]*\nrelay upgrade-check: npx cdk synth failed: [\s\S]*it broke; put/,
    ),
  ]);
});

test('a stack of a newer version is told, and nobody should deploy over it', async () => {
  const newer = { ...today, Metadata: { ...today.Metadata, [versionMetadata]: '99.0.0' } };
  await writeFile(join(folder, 'newer.json'), JSON.stringify(newer));
  const { code, out } = await runRelay([
    ...['upgrade-check', '--against', join(folder, 'newer.json'), '--template', join(folder, file)],
  ]);
  expect(code).toBe(1);
  expect(out).toContain(`Version 99.0.0 is deployed, which is newer than ${relayVersion()}`);
});

test('a template of 0.2.0 is known by its collectors, and one that is no relay by nothing', () => {
  const { Metadata: _, ...unsaid } = today;
  expect(versionOf(today)).toBe(relayVersion());
  expect(versionOf(unsaid)).toBe('0.2.0');
  expect(versionOf({ Resources: {} })).toBeUndefined();
});

test('the notes of a version are those of every step after it, the earliest first, without marks', () => {
  const page = [
    '## From 0.10.0 to 0.11.0\n| What | Before | After |\n| --- | --- | --- |\n| `c` | | see [there](a.md) |\n',
    '## From 0.9.0 to 0.10.0\n| What | Before | After |\n| --- | --- | --- |\n| b | 1 | **2** |\n',
    '## From 0.1.0 to 0.9.0\n| What | Before | After |\n| --- | --- | --- |\n| a | | 1 |\n',
  ].join('\n');
  expect(notesSince('0.9.0', page).map(({ what, after }) => [what, after])).toEqual([
    ['b', '2'],
    ['c', 'see there'],
  ]);
});

async function check(template: Template, ...flags: readonly string[]) {
  // Beside the templates of its inner stacks, which its own names.
  const changed = join(folder, 'changed.json');
  await writeFile(changed, JSON.stringify(template));
  const args = ['--against', join(folder, '0.1.0', file), '--template', changed, ...flags];
  return runRelay(['upgrade-check', ...args]);
}
