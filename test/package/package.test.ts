import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assemblyIn, emptyFolder, npm, removeFolder, repository, run } from './consumer.ts';
import { ownKindText } from './own-kind-text.ts';

const mebibyte = 1_048_576;
const folder = emptyFolder();
const siem = join(folder, 'siem');
const tools = join(folder, 'tools');
const installed = join(siem, 'node_modules/mosaic-siem-relay');
const relay = join(installed, 'dist/cli/bin.js');
let tarball: string;
let written: string;
/** Why the tools that look at packages could not be got. */
let missing: string | undefined;

beforeAll(async () => {
  await npm(['run', '-s', 'pack'], repository);
  tarball = join(repository, 'packed', globSync('*.tgz', { cwd: join(repository, 'packed') })[0]!);
  missing = await installTools();
  if (missing !== undefined) console.warn(`skipped: publint and @arethetypeswrong/cli (${missing})`);
  written = await initialise();
  for (const [name, text] of Object.entries(moreSettings)) writeFileSync(join(siem, name), text);
  await npm(['install', ...quietly], siem);
});
afterAll(() => removeFolder(folder));

const quietly = ['--no-audit', '--no-fund'];

/** Installs the tarball as `npx` does, for `relay init`, and beside it what looks at packages, if that can be got. */
async function installTools(): Promise<string | undefined> {
  mkdirSync(tools);
  writeFileSync(join(tools, 'package.json'), '{ "private": true }');
  const install = (...names: readonly string[]) =>
    npm(['install', ...quietly, '--ignore-scripts', tarball, ...names], tools);
  try {
    await install('publint@0.3.25', '@arethetypeswrong/cli@0.18.5');
    return undefined;
  } catch (error) {
    await install();
    const { message } = error as Error;
    return message.split('\n').find((line) => line.includes('npm error')) ?? message;
  }
}

async function initialise(): Promise<string> {
  const init = join(tools, 'node_modules/mosaic-siem-relay/dist/cli/bin.js');
  const words = [init, 'init', 'siem', '--yes', '--package', `file:${tarball}`];
  const { code, stdout, stderr } = await run(words, folder);
  if (code !== 0) throw new Error(`relay init ended with ${code}\n${stderr}`);
  return stdout;
}

/** Settings beside those that `relay init` wrote. */
const moreSettings = {
  'repository.ts': readFileSync(join(repository, 'infra/config/stages.ts'), 'utf8').replace(
    "'./settings.ts'",
    "'mosaic-siem-relay'",
  ),
  'kinds.ts': ownKindText,
};

test('installing it brings no CDK: relay init needs none', () => {
  expect(globSync('node_modules/{aws-cdk-lib,cdk-nag,constructs}', { cwd: tools })).toEqual([]);
});

test('relay init has written the folder of an operator', () => {
  expect(written).toContain('npm install');
  expect(readFileSync(join(siem, 'app.ts'), 'utf8').trim().split('\n')).toHaveLength(3);
});

describe('the tarball', () => {
  test('is below 6 MB', () => {
    expect(statSync(tarball).size).toBeLessThan(6 * mebibyte);
  });

  test('has the docs, the content and the change log, and no tests, screenshots or sources', () => {
    const paths = globSync('**/*', { cwd: installed, exclude: ['node_modules/**'] }).map((path) =>
      path.replaceAll('\\', '/'),
    );

    expect(paths).toEqual(
      expect.arrayContaining([
        'docs/deploy.md',
        'docs/runbook.md',
        'content/opensearch/index-template.json',
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
      ]),
    );
    expect(
      paths.filter((path) => /(?<!\.d)\.ts$|(^|\/)tests?(\/|$)|\.test\.|\.png$|\.packaged\./.test(path)),
    ).toEqual([]);
  });

  test('names what it needs at run time, and no private library', () => {
    const { dependencies, devDependencies, scripts, ...manifest } = readJson(join(installed, 'package.json'));

    expect([devDependencies, scripts, manifest.private]).toEqual([undefined, undefined, undefined]);
    expect(manifest).toMatchObject({
      engines: { node: '>=22.18' },
      bin: { relay: 'dist/cli/bin.js' },
      peerDependencies: { 'aws-cdk-lib': expect.stringMatching(/^\^2\./), constructs: expect.any(String) },
      peerDependenciesMeta: { 'aws-cdk-lib': { optional: true }, constructs: { optional: true } },
    });
    expect(Object.keys(manifest.exports)).toEqual(['.', './package.json']);
    expect(
      Object.keys(dependencies).filter((name) =>
        /^@mosaic-relay|^(esbuild|echarts|typescript|node|constructs)$/.test(name),
      ),
    ).toEqual([]);
  });

  test('has bundles with source maps, of the bytes that the repository deploys', () => {
    const bundles = globSync('dist/bundles/*/*', { cwd: installed }).map((path) =>
      path.replaceAll('\\', '/'),
    );

    expect(bundles.sort()).toEqual(
      ['collector', 'object-copier', 'stream-lifecycle'].flatMap((name) => [
        `dist/bundles/${name}/index.cjs`,
        `dist/bundles/${name}/index.cjs.map`,
      ]),
    );
  });
});

test('every file of dist can be loaded', async () => {
  // Files that do something when they are loaded: programs, and what sandboxes and browsers run.
  const programs =
    /^dist\/(bundles\/|cli\/(bin|relay)|local\/page\/browser\/|packages\/cdk-loopback\/(clock\/.*preload|aws\/lambda\/runtime-client))/;
  const loaded = globSync('dist/**/*.js', { cwd: installed })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !programs.test(path));
  writeFileSync(
    join(siem, 'load.mjs'),
    `const failed = [];
for (const path of ${JSON.stringify(loaded)})
  await import('./node_modules/mosaic-siem-relay/' + path).catch((error) => failed.push(path + ': ' + error.message));
console.log(JSON.stringify(failed));
process.exit();`,
  );

  expect(loaded.length).toBeGreaterThan(400);
  const { stdout, stderr } = await run(['load.mjs'], siem);
  expect([stdout.trim(), stderr]).toEqual(['[]', '']);
});

test('the folder, with settings of every kind and of one’s own, compiles in strict mode, declarations included', async () => {
  const tsc = join(siem, 'node_modules/typescript/bin/tsc');

  expect(await run([tsc, '--noEmit'], siem)).toMatchObject({ code: 0, stdout: '' });
  // Other packages' declarations need types that the folder has not; ours need nothing.
  const { stdout } = await run([tsc, '--noEmit', '--skipLibCheck', 'false'], siem);
  expect(stdout.split('\n').filter((line) => !/^node_modules\/(?!mosaic-siem-relay)/.test(line))).toEqual([
    '',
  ]);
});

test.each([
  ['the folder’s own stage', 'stages.ts', 'dev'],
  ['the repository’s stage dev', 'repository.ts', 'dev'],
  ['the repository’s stage prod', 'repository.ts', 'prod'],
])('cdk synthesises of %s what the repository does, assets included', async (_, settings, stage) => {
  const synthesise = (place: string, name: string) => {
    const cdk = join(place, 'node_modules/aws-cdk/bin/cdk');
    const told = ['-c', `stage=${stage}`, '-c', `settings=${join(siem, settings)}`];
    return run([cdk, 'synth', '--quiet', '--output', join(folder, name), ...told], place);
  };
  const [own, theirs] = ['own', 'theirs'].map((side) => join(folder, `${side}-${settings}-${stage}`)) as [
    string,
    string,
  ];

  const ends = [await synthesise(siem, basename(own)), await synthesise(repository, basename(theirs))];

  expect(ends.filter(({ code }) => code !== 0)).toEqual([]);
  expect(Object.keys(assemblyIn(own)).length).toBeGreaterThanOrEqual(3);
  expect(assemblyIn(own)).toEqual(assemblyIn(theirs));
});

test('cdk tells settings that do not parse in one line, as relay does', async () => {
  const settings = join(siem, 'stages.ts');
  const text = readFileSync(settings, 'utf8');
  writeFileSync(settings, text.replace(/^(export const stages = .*)$/m, '$1 }'));
  const place = /^stages\.ts:\d+: Expected .*/;
  try {
    const cdk = join(siem, 'node_modules/aws-cdk/bin/cdk');
    const [synth, doctor] = [await run([cdk, 'synth', '--quiet'], siem), await run([relay, 'doctor'], siem)];

    expect([synth.code, doctor.code]).toEqual([1, 2]);
    const [line, of, ...more] = synth.stderr.trim().split('\n');
    expect([line, of, more]).toEqual([
      expect.stringMatching(place),
      'node app.ts: Subprocess exited with error 2',
      [],
    ]);
    expect(doctor.stderr.trim()).toBe(`relay doctor: ${line}`);
  } finally {
    writeFileSync(settings, text);
  }
});

describe('relay', () => {
  test('--help lists the commands', async () => {
    expect(await run([relay, '--help'], siem)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: relay COMMAND(.|\n)*\n {2}doctor /),
      stderr: '',
    });
  });

  test('doctor ends with 1 and says what is missing, where there is no account', async () => {
    const { code, stdout, stderr } = await run([relay, 'doctor'], siem);

    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/credentials/);
  });
});

test('npm start brings 500 events to where the settings send them, and misses none', async () => {
  const stdout = await npm(['start', '--', '--events', '500', '--json'], siem);

  const { streams } = lastJson(stdout);
  expect(streams).toHaveLength(1);
  for (const stream of streams) expect(stream).toMatchObject({ generated: 500, missing: 0 });
});

test('a stage of every kind, and of one of the operator’s own, runs from the package', async () => {
  const words = ['start', '--settings', 'kinds.ts', '--events', '20', '--json'];

  const { code, stdout, stderr } = await run([relay, ...words], siem);

  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  const destinations = lastJson(stdout).streams.flatMap((stream) => stream.destinations);
  for (const destination of destinations) expect(destination).toMatchObject({ delivered: 20, missing: 0 });
  expect(new Set(destinations.map(({ kind }) => kind)).size).toBe(12);
});

describe('what looks at packages finds nothing', () => {
  test('publint', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const { code, stdout, stderr } = await run(
      [join(tools, 'node_modules/publint/src/cli.js'), tarball, '--strict'],
      tools,
    );

    expect({ code, text: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, text: '' });
  });

  test('@arethetypeswrong/cli', async (context) => {
    if (missing !== undefined) context.skip(missing);
    const attw = join(tools, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const { code, stdout, stderr } = await run([attw, tarball, '--profile', 'esm-only', '--no-color'], tools);

    expect({ code, text: code === 0 ? '' : `${stdout}${stderr}` }).toEqual({ code: 0, text: '' });
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a manifest is looked at by path
function readJson(path: string): any {
  return JSON.parse(readFileSync(path, 'utf8'));
}

interface Report {
  readonly streams: readonly {
    readonly generated: number;
    readonly missing: number;
    readonly destinations: readonly {
      readonly kind: string;
      readonly delivered: number;
      readonly missing: number;
    }[];
  }[];
}

function lastJson(stdout: string): Report {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Report;
}
