import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { oldestPeers } from '../../lab/package/manifest.ts';
import type { Template } from '../infra/synthesized.ts';
import { install, runProgram, tellSkipped, temporaryFolder } from './install.ts';

/** The oldest CDK that the package takes, under a copy of the relay's sources. */
const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder();
const packages = Object.entries(oldestPeers).map(([name, version]) => `${name}@${version}`);
const { missing } = await install(
  'npm',
  ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', ...packages],
  folder,
);
tellSkipped(packages.join(', '), missing, folder);

const copy = join(folder, 'relay');
const stages = ['dev', 'prod'];
let newest: Templates;
let oldest: Templates;
beforeAll(async () => {
  if (missing !== undefined) return;
  copySources();
  newest = await synthesized(root);
  oldest = await synthesized(copy);
}, 240_000);

test.skipIf(missing !== undefined)(
  'the oldest CDK of the range makes the stages as that of the repository, but for the look of a dashboard',
  () => {
    expect(Object.keys(oldest)).toEqual(Object.keys(newest));
    const changed = Object.entries(newest).flatMap(([file, template]) =>
      changesOf(template, oldest[file]!).map((change) => `${file.split('.', 1)}: ${change}`),
    );
    // A dashboard's text has no background there, so its nested template has another address. Both are updated in place.
    expect(changed.filter((change) => !/ (DashboardBody|TemplateURL)$/.test(change))).toEqual([]);
    const ids = Object.values(newest).flatMap(({ Resources }) => Object.keys(Resources));
    expect(ids.length).toBeGreaterThan(200);
  },
);

/** The relay in a folder whose CDK is the one that was installed. Everything else is the repository's. */
function copySources(): void {
  mkdirSync(copy, { recursive: true });
  for (const name of ['infra', 'functions', 'cli', 'content/mapping', 'cdk.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: object;
  };
  const dependencies = { ...manifest.dependencies, ...ranges };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
  // Node looks for a package in the folder above, where the old ones are, after those of this one.
  mkdirSync(join(copy, 'node_modules'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!(name in oldestPeers) && !name.startsWith('.'))
      symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
}

const ranges = Object.fromEntries(
  Object.entries(oldestPeers).map(([name, version]) => [name, `^${version}`]),
);

/** By stage and file. */
type Templates = Readonly<Record<string, Template>>;

/** The templates that the sources in a folder make of the repository's stages. */
async function synthesized(from: string): Promise<Templates> {
  const outdir = join(folder, from === root ? 'newest' : 'oldest');
  const program = `import cdk from 'aws-cdk-lib/package.json' with { type: 'json' };
import { relayApp } from './infra/index.ts';
import { stages } from './infra/config/stages.ts';
process.stdout.write(cdk.version);
for (const stage of ${JSON.stringify(stages)})
  relayApp(stages, { context: { stage, 'aws:cdk:bundling-stacks': [] }, outdir: ${JSON.stringify(outdir)} + '/' + stage }).synth();`;
  const words = ['--input-type=module', '--eval', program];
  const { error, output } = await runProgram(process.execPath, words, { folder: from, timeoutMs: 120_000 });
  if (error !== undefined) throw new Error(`the synth in ${from} failed: ${output}`);
  if (from === copy) expect(output).toContain(oldestPeers['aws-cdk-lib']);
  return Object.fromEntries(
    stages.flatMap((stage) =>
      globSync('*template.json', { cwd: join(outdir, stage) })
        .sort()
        .map((name) => [
          `${stage}/${name}`,
          JSON.parse(readFileSync(join(outdir, stage, name), 'utf8')) as Template,
        ]),
    ),
  );
}

/** A line for each resource that only one template has, and for each property that differs. */
function changesOf(one: Template, other: Template): readonly string[] {
  const ids = new Set([...Object.keys(one.Resources), ...Object.keys(other.Resources)]);
  return [...ids].flatMap((id) => {
    const [before, after] = [one.Resources[id], other.Resources[id]];
    if (before === undefined || after === undefined) return [`${id} is in one of them alone`];
    const { Properties: properties, ...rest } = before;
    const { Properties: others, ...otherRest } = after;
    const names = Object.keys({ ...properties, ...others }).filter(
      (name) => !isDeepStrictEqual(properties[name], others[name]),
    );
    return [
      ...(isDeepStrictEqual(rest, otherRest) ? [] : [`${id} has other attributes`]),
      ...names.map((name) => `${id} ${name}`),
    ];
  });
}
