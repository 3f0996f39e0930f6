import { execFile, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findSettingsFile } from '../../infra/config/settings-file.ts';
import { unnamedStage } from '../../infra/config/which-stage.ts';
import { programs } from './settings-programs.ts';

const repository = join(import.meta.dirname, '../..');
const ownSettings = join(repository, 'infra/config/stages.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-settings-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the file of settings is', () => {
  test.each([
    ['beside the app', 'node app.ts', 'stages.ts'],
    ['in the folder of the app', 'npx tsx --no-warnings bin/app.ts', 'bin/stages.ts'],
    ['in the folder config of the app', 'node infra/app.ts', 'infra/config/stages.ts'],
    ['beside cdk.json where no app is named', undefined, 'stages.ts'],
  ])('%s of the nearest cdk.json above the working folder', async (_, app, path) => {
    await write({ 'cdk.json': JSON.stringify({ app }), [path]: '', 'deep/er/note.txt': '' });

    expect(find(undefined, 'deep/er')).toEqual({ file: join(folder, path) });
    expect(find(undefined)).toEqual({ file: join(folder, path) });
  });

  test('the one that the context of cdk.json names, as cdk itself tells the app', async () => {
    const context = { settings: 'mine/stages.ts' };
    await write({ 'cdk.json': JSON.stringify({ app: 'node app.ts', context }), 'stages.ts': '' });

    expect(find(undefined)).toEqual({ problem: 'there is no settings file mine/stages.ts' });
    await write({ 'mine/stages.ts': '', 'deep/note.txt': '' });
    expect(find(undefined, 'deep')).toEqual({ file: join(folder, 'mine/stages.ts') });
  });

  test('the one that was asked for, from the working folder, whatever cdk.json says', async () => {
    await write({ 'cdk.json': '{', 'deep/own.ts': '', 'stages.ts': '' });

    expect(find('own.ts', 'deep')).toEqual({ file: join(folder, 'deep/own.ts') });
    expect(find(join(folder, 'stages.ts'), 'deep')).toEqual({ file: join(folder, 'stages.ts') });
    expect(find(pathToFileURL(join(folder, 'stages.ts')).href)).toEqual({ file: join(folder, 'stages.ts') });
  });

  test("this project's own where no folder above has a cdk.json", () => {
    expect(find(undefined)).toEqual({ file: ownSettings });
  });
});

describe('one line says', () => {
  test.each<[string, Readonly<Record<string, string>>, string | undefined, string]>([
    ['that the asked file is missing', {}, 'nowhere.ts', 'there is no settings file nowhere.ts'],
    ['that the asked file is a folder', { 'own/stages.ts': '' }, 'own', 'own is not a file'],
    [
      'where it was looked for',
      { 'cdk.json': '{"app": "node bin/app.ts"}' },
      undefined,
      'there is neither bin/stages.ts nor bin/config/stages.ts, where cdk.json leads; name the settings with --settings FILE, or with -c settings=FILE for cdk',
    ],
  ])('%s', async (_, files, asked, problem) => {
    await write(files);

    expect(find(asked)).toEqual({ problem });
  });

  test('that cdk.json is not JSON', async () => {
    await write({ 'cdk.json': '{"app": }' });

    expect(find(undefined)).toEqual({
      problem: expect.stringMatching(
        /^cdk\.json: [^\n]* JSON[^\n]*; put that right, or name the settings with/,
      ),
    });
  });
});

describe.each(programs)('%s', (_, run) => {
  test('ends with 2 on one line with file, line and the word for what it met', async () => {
    await write({ 'stages.ts': "export const stages = {\n  dev: { secret: 'a },\n};\n" });

    const { code, line } = await run(folder, 'stages.ts');

    // The app of a local run has a working folder of its own, and names the whole path.
    expect([code, line.replace(`${folder}/`, '')]).toEqual([2, "stages.ts:3: Expected ',', got ';'"]);
  });

  test('reads the settings that it was told of, from its working folder', async () => {
    await write({ 'cdk.json': '{', 'own/mine.ts': 'export const stages = { other: {} };' });

    const { text } = await run(join(folder, 'own'), 'mine.ts', 'pord');

    expect(text).toMatch(
      /stage 'pord' is not in mine\.ts; the stages there are other|stages\.other\.\w+: is missing/,
    );
  });
});

describe('without a flag the stage is', () => {
  const app = `node ${join(repository, 'infra/app.ts')}`;
  // cdk itself tells the app of the context.
  test.each(programs.filter(([name]) => name !== 'cdk'))(
    'the one that the context of cdk.json names, for %s',
    async (_, run) => {
      const context = { stage: 'pord' };
      await write({
        'cdk.json': JSON.stringify({ app, context }),
        'own.ts': 'export const stages = { a: {}, b: {} };',
      });

      const { code, text } = await run(folder, 'own.ts');

      expect([code, text]).toEqual([
        expect.toSatisfy((each) => each === 1 || each === 2),
        expect.stringMatching(/stage 'pord' is not in own\.ts/),
      ]);
    },
  );

  test.each(programs.filter(([name]) => /^(cdk|relay doctor|relay status|npm start)$/.test(name)))(
    'the only one of the settings where cdk.json names none, for %s',
    async (_, run) => {
      await write({ 'cdk.json': JSON.stringify({ app }), 'own.ts': 'export const stages = { only: {} };' });

      const { text } = await run(folder, 'own.ts');

      expect(text).toMatch(/stages\.only\.environment: is missing|looked for stack mosaic-relay-only,/);
      expect(text).not.toMatch(/'dev'/);
    },
  );

  test.each([
    [{ one: {}, two: {} }, 'dev'],
    [{ prod: {} }, 'prod'],
    [undefined, 'dev'],
  ])('of %j and nothing else that names one: %s', (stages, stage) => {
    expect(unnamedStage(stages)).toBe(stage);
  });
});

describe('settings that cannot be read', () => {
  test.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'an error in a file that it imports',
      {
        'stages.ts': "export { stages } from './more/dev.ts';",
        'more/dev.ts': 'const a = 1;\nexport const stages = {;',
      },
      'more/dev.ts:2: Unexpected token `;`. Expected identifier, string literal, numeric literal or [ for the computed key',
    ],
    [
      'a name that is not defined',
      { 'stages.ts': 'export const stages = {\n  dev: dve,\n};' },
      'stages.ts:2: dve is not defined',
    ],
    [
      'an import of a file that is not there',
      {
        'stages.ts':
          "import type { A } from './a.ts';\nimport { b } from './b.ts';\nexport const stages = { b };",
      },
      "stages.ts:2: Cannot find module 'FOLDER/b.ts'",
    ],
    [
      'an import of a name that is not there',
      {
        'stages.ts': "import { b } from './b.ts';\nexport const stages = { b };",
        'b.ts': 'export const c = 1;',
      },
      "stages.ts:1: The requested module './b.ts' does not provide an export named 'b'",
    ],
    [
      'a failure in a function of its own',
      {
        'stages.ts':
          "const host = () => {\n  throw new Error('no host\\nhere');\n};\nexport const stages = { dev: host() };",
      },
      'stages.ts:2: no host',
    ],
    [
      'a getter that throws, wherever it stands',
      {
        'stages.ts':
          "export const stages = {\n  dev: { streams: [{ get id() {\n    throw new Error('no id');\n  } }] },\n};",
      },
      'stages.ts:3: no id',
    ],
    [
      'what only a build can read',
      { 'stages.ts': 'enum Region { eu }\nexport const stages = {};' },
      'stages.ts:1: TypeScript enum is not supported in strip-only mode',
    ],
    [
      'no stages',
      { 'stages.ts': 'export default {};' },
      'stages.ts: exports no stages; it needs: export const stages = { … }',
    ],
  ])('tell %s by its place', async (_, files, line) => {
    await write(files);

    expect(await problemOf('stages.ts')).toBe(line.replace('FOLDER', folder));
  });

  test('tell their place in JavaScript, too', async () => {
    await write({ 'stages.mjs': 'export const stages = {\n  dev: { a: 1 b: 2 },\n};' });

    expect(await problemOf('stages.mjs')).toBe("stages.mjs:2: Unexpected identifier 'b'");
  });
});

describe('cdk without a file', () => {
  const door = `import { relayApp } from '${pathToFileURL(join(repository, 'infra/index.ts'))}';`;
  const imported = `${door}\nconst app = await relayApp(import('./stages.ts'));\napp.synth();`;
  const synthesise = async (app: string, stages: string, context: object = {}) => {
    const files = { 'cdk.json': '{"app": "node app.ts"}', 'own.ts': 'export const stages = { own: {} };' };
    await write({ ...files, 'app.ts': app, 'stages.ts': stages });
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) };
    const { status, stderr } = spawnSync(process.execPath, ['app.ts'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    return [status, stderr];
  };

  test.each([
    ['the module that the app imports', imported],
    [
      'the stages that the app gives',
      `${door}\nimport { stages } from './stages.ts';\nrelayApp(stages).synth();`,
    ],
  ])('synthesises %s', async (_, app) => {
    expect(await synthesise(app, 'export const stages = { mine: {} };')).toEqual([
      1,
      expect.stringMatching(/^stages\.mine\.environment: is missing/),
    ]);
  });

  test.each([
    ["export const stages = {\n  dev: { secret: 'a },\n};\n", "stages.ts:3: Expected ',', got ';'\n"],
    ['export const stages = {\n  dev: dve,\n};', 'stages.ts:2: dve is not defined\n'],
    ['export const stage = {};', 'stages.ts: exports no stages; it needs: export const stages = { … }\n'],
  ])('tells what cannot be read, %j, by its place on one line', async (stages, line) => {
    expect(await synthesise(imported, stages)).toEqual([2, line]);
  });

  test('does not mind the file of the folder where another is asked for', async () => {
    expect(await synthesise(imported, 'export const stages = {', { settings: 'own.ts' })).toEqual([
      1,
      expect.stringMatching(/^stages\.own\.environment: is missing/),
    ]);
  });
});

test('no other module of the product names a file of settings', () => {
  const naming = globSync('{cli,local,infra,functions}/**/*.ts', { cwd: repository }).filter((path) =>
    /['"/]stages\.ts['"`]/.test(readFileSync(join(repository, path), 'utf8')),
  );

  expect(naming.sort()).toEqual([
    // The settings' name in a message where nobody has said another.
    'cli/doctor/settings-checks.ts',
    // The folder that `relay init` writes has one.
    'cli/init/project-files.ts',
    // The app imports its own, and shows others how.
    'infra/app.ts',
    'infra/config/choose-stage.ts',
    'infra/config/settings-file.ts',
    'infra/relay-app.ts',
  ]);
});

/** Read by a Node of its own: in a test, another compiler would have the word. */
async function problemOf(file: string): Promise<string> {
  const module = pathToFileURL(join(repository, 'infra/config/settings-file.ts')).href;
  const program = `import { readSettingsFile } from '${module}';
console.log((await readSettingsFile({ asked: '${file}' })).problem);`;
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: folder },
  );
  return `${stdout}${stderr}`.trimEnd();
}

function find(asked: string | undefined, from = '.') {
  const workingFolder = join(folder, from);
  return findSettingsFile(asked === undefined ? { workingFolder } : { asked, workingFolder });
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
