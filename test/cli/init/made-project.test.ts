import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kinds } from '../../../cli/init/answers.ts';
import { startEditor } from '../../editor.ts';
import { runRelay } from '../run-relay.ts';

const root = join(import.meta.dirname, '../../..');
const call = promisify(execFile);

/** Two projects with every kind between them, since a stream takes 8, and the package in their place is this repository. */
const projects = [
  { name: 'one', types: 'cis', to: kinds.slice(0, 6) },
  { name: 'two', types: 'cis,risk', to: kinds.slice(6) },
];
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relay-made-'));
  mkdirSync(join(folder, 'door'));
  writeFileSync(
    join(folder, 'door/package.json'),
    JSON.stringify({ name: 'mosaic-siem-relay', type: 'module', exports: './index.ts' }),
  );
  writeFileSync(join(folder, 'door/index.ts'), `export * from '${root}/infra/index.ts';\n`);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync('../door', join(folder, 'node_modules/mosaic-siem-relay'));
  for (const { name, types, to } of projects) {
    const flags = ['--yes', '--region', 'eu-west-1', '--types', types, '--to', to.join(',')];
    expect((await runRelay(['init', join(folder, name), ...flags])).code).toBe(0);
  }
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('what relay init writes compiles as it is, and not with a misspelt setting', async () => {
  // The repository's sources need the types of Node, which the declarations of the package do not.
  const compilerOptions = { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  const options = { extends: './one/tsconfig.json', compilerOptions, include: ['one/*.ts', 'two/*.ts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  const settings = readFileSync(join(folder, 'two/stages.ts'), 'utf8');
  writeFileSync(join(folder, 'two/misspelt.ts'), settings.replace('every:', 'evry:'));

  const complaints = await compiled();

  rmSync(join(folder, 'two/misspelt.ts'));
  expect(complaints).toEqual([expect.stringMatching(/^two\/misspelt\.ts.*'evry'/)]);
}, 120_000);

test('its app synthesises a stage of every kind of destination', async () => {
  for (const { name, types, to } of projects) {
    const outdir = join(folder, `${name}.out`);
    const { context } = JSON.parse(readFileSync(join(folder, name, 'cdk.json'), 'utf8'));
    const env = {
      ...process.env,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    };
    await call(process.execPath, ['app.ts'], { cwd: join(folder, name), env });
    const template = JSON.parse(readFileSync(join(outdir, 'mosaic-relay-dev.template.json'), 'utf8'));
    const ofType = (type: string) =>
      Object.values<{ readonly Type: string }>(template.Resources).filter(({ Type }) => Type === type);
    expect(ofType('AWS::KinesisFirehose::DeliveryStream')).toHaveLength(types.split(',').length * to.length);
    expect(template.Rules.ExampleValues.Assertions.length).toBeGreaterThan(0);
    expect(unsetFlags(outdir)).toEqual([]);
  }
}, 120_000);

test('an editor shows what each line of the settings means', async () => {
  const path = 'two/stages.ts';
  const text = readFileSync(join(folder, path), 'utf8');
  await using editor = await startEditor(folder);
  editor.open(path, text);
  const settings = [...text.matchAll(/^ +(\w+): |\{ (kind): /gm)].map(
    ({ 0: match, 1: one, 2: two, index }) => ({
      name: (one ?? two)!,
      at: index + match.indexOf((one ?? two)!),
    }),
  );

  // The name of the stage is the operator's, and a kind says itself what it is.
  const explained = settings.filter(({ name }) => name !== 'dev' && name !== 'kind');
  expect(explained.length).toBeGreaterThan(15);
  for (const { name, at } of explained) {
    const [, prose = ''] =
      /^```typescript\n[\s\S]*?\n```\n([\s\S]*)$/.exec(await editor.hover(path, at)) ?? [];
    expect(prose.trim(), name).toMatch(/\w+ \w+/);
  }
}, 120_000);

/** The CDK's feature flags that nobody has set: cdk synth counts them in a line of its own. */
function unsetFlags(outdir: string): readonly string[] {
  const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    readonly artifacts: Readonly<Record<string, { readonly type: string; readonly properties: unknown }>>;
  };
  const report = Object.values(artifacts).find(({ type }) => type === 'cdk:feature-flag-report');
  const { flags } = report!.properties as { readonly flags: Readonly<Record<string, object>> };
  return Object.entries(flags).flatMap(([name, flag]) => ('userValue' in flag ? [] : [name]));
}

/** The compiler's complaints, a line each. */
async function compiled(): Promise<readonly string[]> {
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js');
  const { stdout } = await call(process.execPath, [compiler, '-p', '.'], { cwd: folder }).catch(
    (error: { readonly stdout: string }) => error,
  );
  return stdout.split('\n').filter((line) => /error TS/.test(line));
}
