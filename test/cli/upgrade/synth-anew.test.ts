import { spawnSync } from 'node:child_process';
import {
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const repository = join(import.meta.dirname, '../../..');

/** An app that writes what it is told of, in place of one that loads the CDK's library. */
const app = `import { writeFileSync } from 'node:fs';
const { CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: context } = process.env;
const { stage } = JSON.parse(context);
const name = 'mosaic-relay-' + stage;
if (stage === 'broken') {
  console.error('stages.broken.secret: is missing');
  process.exit(1);
}
const write = (file, value) => writeFileSync(outdir + '/' + file, JSON.stringify(value));
const Topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'of ' + stage } };
write(name + '.template.json', { Resources: { Topic } });
write('manifest.json', { version: '36.0.0', artifacts: { [name]: {
  type: 'aws:cloudformation:stack', environment: 'aws://unknown-account/unknown-region',
  properties: { templateFile: name + '.template.json' },
} } });
`;

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-synth-anew-'));
  for (const name of ['cdk.out', 'temporary']) await mkdir(join(folder, name));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(
    join(folder, 'cdk.json'),
    '{ "app": "node app.mjs", "notices": false, "versionReporting": false }',
  );
  writeFileSync(join(folder, 'app.mjs'), app);
  writeFileSync(join(folder, 'before.json'), templateOf('before'));
  // What a synth of the version before has left.
  writeFileSync(join(folder, 'cdk.out/mosaic-relay-mine.template.json'), templateOf('before'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('upgrade-check without --template', { timeout: 120_000 }, () => {
  test('synthesises the stage anew with the app of the folder, and leaves cdk.out as it was', () => {
    const { status, stdout, stderr } = upgradeCheck('mine');

    expect(status, stderr).toBe(0);
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly object[] };
    expect(JSON.stringify(findings)).toContain('Topic');
    expect(findings).toHaveLength(1);
    expect(readdirSync(join(folder, 'cdk.out'))).toEqual(['mosaic-relay-mine.template.json']);
    expect(readFileSync(join(folder, 'cdk.out/mosaic-relay-mine.template.json'), 'utf8')).toBe(
      templateOf('before'),
    );
    expect(globSync('temporary/relay-*', { cwd: folder })).toEqual([]);
  });

  test('says in the app’s own words why it cannot be synthesised, and how to go on', () => {
    const { status, stdout, stderr } = upgradeCheck('broken');

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/npx cdk synth failed: stages\.broken\.secret: is missing/);
    expect(stderr).toMatch(/or name a template with --template\s*$/);
    expect(globSync('temporary/relay-*', { cwd: folder })).toEqual([]);
  });
});

function templateOf(stage: string): string {
  const Topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: `of ${stage}` } };
  return JSON.stringify({ Resources: { Topic } });
}

/** The command in the folder, with temporary files where they can be looked for. */
function upgradeCheck(stage: string) {
  const words = ['upgrade-check', '--stage', stage, '--against', 'before.json', '--json'];
  return spawnSync(process.execPath, [join(repository, 'cli/relay.ts'), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: join(folder, 'temporary'), TEMP: join(folder, 'temporary') },
  });
}
