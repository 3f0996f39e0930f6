import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Ask } from '../../../cli/ask.ts';
import { companions } from '../../../cli/init/companions.ts';
import { relaySource } from '../../../cli/init/relay-source.ts';
import { destinationChoicesFile } from '../../../docs/generate/destination-choices.ts';
import { runRelay } from '../run-relay.ts';
import { emptyFolder, filesIn, stagesIn } from './made.ts';

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** Answers these lines, one for each question, and keeps the questions. */
function answering(...lines: readonly (string | undefined)[]) {
  const questions: string[] = [];
  const ask: Ask = async (question) => lines[questions.push(question) - 1];
  return { ask, questions };
}

const one = { name: 'cis', id: 'relay-cis', type: 'cis', every: '5 minutes' };

describe('relay init', () => {
  test('with --yes writes seven files, whose settings are one stream to S3', async () => {
    using folder = emptyFolder();
    const siem = join(folder.path, 'siem');

    const { code, problems } = await runRelay(['init', siem, '--yes']);

    expect({ code, problems }).toEqual({
      code: 0,
      problems: expect.stringMatching(
        /^this program runs from a folder, and not from the registry: .* with --package FILE$/,
      ),
    });
    const files = filesIn(siem);
    expect(Object.keys(files)).toEqual(
      [
        '.gitignore',
        'README.md',
        'app.ts',
        'cdk.json',
        'package.json',
        'stages.ts',
        'tsconfig.json',
      ].toSorted(),
    );
    for (const made of ['out/', 'cdk.out/', 'mosaic-*/'])
      expect(files['.gitignore']!.split('\n')).toContain(made);
    expect(stagesIn(files['stages.ts']!)).toEqual({
      dev: {
        environment: 'sandbox',
        secret: 'mosaic-siem-relay/dev',
        account: '111122223333',
        region: 'us-east-1',
        streams: [{ ...one, destinations: [{ kind: 's3' }] }],
      },
    });
    expect(files['app.ts']!.trim().split('\n')).toHaveLength(3);
    expect(JSON.parse(files['package.json']!)).toMatchObject({
      name: 'siem',
      engines: { node: '>=22.18' },
      dependencies: { 'mosaic-siem-relay': manifest.version, ...companions.dependencies },
    });
  });

  test('takes each answer as a flag, and flags before the folder', async () => {
    using folder = emptyFolder();
    const flags = '--stage prod --region eu-west-1 --types admin,cis --every 2h --to splunk --environment eu';

    const { code } = await runRelay(['init', ...flags.split(' '), folder.path]);

    expect(code).toBe(0);
    const {
      'stages.ts': settings = '',
      'cdk.json': cdk = '',
      'package.json': own = '',
    } = filesIn(folder.path);
    const secret =
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/splunk-AbCdEf';
    const destinations = [{ kind: 'splunk', endpoint: 'https://example.splunkcloud.com:443', secret }];
    expect(stagesIn(settings)).toMatchObject({
      prod: {
        environment: 'eu',
        region: 'eu-west-1',
        streams: [
          { type: 'cis', every: '2 hours', destinations },
          { type: 'admin', every: '2 hours', destinations },
        ],
      },
    });
    expect(settings.match(/https:\/\/example\.splunkcloud/g)).toHaveLength(1);
    expect(JSON.parse(cdk).context.stage).toBe('prod');
    expect(JSON.parse(own).scripts.start).toBe('relay start');
  });

  test('asks five questions, and again where an answer cannot be used', async () => {
    using folder = emptyFolder();
    const { ask, questions } = answering(
      'qa eu-wst-1',
      'qa',
      'qa eu-west-1',
      'cis, risk',
      '',
      's4',
      's3',
      'us',
    );

    const { code, problems } = await runRelay(['init', join(folder.path, 'siem')], { ask });

    expect(code).toBe(0);
    expect(questions.map((question) => question.slice(0, 9))).toEqual([
      'Stage and',
      'Stage and',
      'Stage and',
      'Event typ',
      'How often',
      'Where to,',
      'Where to,',
      "Mosaic's ",
    ]);
    expect(problems).toMatch(/"eu-wst-1" is not a region .*; did you mean eu-west-1\?/);
    expect(questions[0]).toBe('Stage and region, two words such as prod eu-west-1 [dev us-east-1]: ');
    expect(problems).toMatch(/^ {2}region is missing: give stage and region, such as qa us-east-1$/m);
    expect(problems).toMatch(/"s4" is not one of s3, .*; did you mean s3\?/);
    expect(stagesIn(filesIn(join(folder.path, 'siem'))['stages.ts']!)).toMatchObject({
      qa: { environment: 'us', region: 'eu-west-1', streams: [{ type: 'cis' }, { type: 'risk' }] },
    });
  });

  test('asks only for what no flag says', async () => {
    using folder = emptyFolder();
    const { ask, questions } = answering('eu-north-1');
    const flags = ['--stage', 'dev', '--types', 'cis', '--every', '5m', '--to', 's3', '--environment', 'eu'];

    const { code } = await runRelay(['init', folder.path, ...flags], { ask });

    expect(code).toBe(0);
    expect(questions).toEqual(['Region [us-east-1]: ']);
  });

  test('asks nothing with --yes, and takes the defaults for what no flag says', async () => {
    using folder = emptyFolder();
    const { ask, questions } = answering();

    await runRelay(['init', folder.path, '--yes', '--to', 'datadog'], { ask });

    expect(questions).toEqual([]);
    expect(stagesIn(filesIn(folder.path)['stages.ts']!)).toMatchObject({
      dev: { streams: [{ type: 'cis', destinations: [{ kind: 'datadog', site: 'us1' }] }] },
    });
  });

  test('writes nothing where an answer fails to come', async () => {
    using folder = emptyFolder();
    const { ask } = answering('', undefined);

    const run = await runRelay(['init', join(folder.path, 'siem')], { ask });

    expect(run).toEqual({ code: 2, out: '', problems: 'relay init: nothing was written' });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('names a tarball by its path from the new folder', async () => {
    using folder = emptyFolder();
    const tarball = join(folder.path, 'relay.tgz');
    writeFileSync(tarball, '');

    const { problems } = await runRelay(['init', join(folder.path, 'a/siem'), '--yes', '--package', tarball]);

    expect(problems).toBe('');
    const { dependencies } = JSON.parse(filesIn(join(folder.path, 'a/siem'))['package.json']!);
    expect(dependencies['mosaic-siem-relay']).toBe('file:../../relay.tgz');
  });

  test('names the tarball that its own package came from, as npm notes it', () => {
    using folder = emptyFolder();
    const tarball = join(folder.path, 'relay.tgz');
    writeFileSync(tarball, '');

    expect(sourceOf('file:../../relay.tgz', folder.path)).toEqual({
      specifier: 'file:../relay.tgz',
      line: `package.json takes the relay from ${tarball}, as this program does; --package SPEC names another`,
    });
    expect(sourceOf('file:../gone.tgz', folder.path)).toEqual({
      specifier: manifest.version,
      line: expect.stringMatching(
        /^this program came from .*gone\.tgz, which is gone: .* with --package FILE$/,
      ),
    });
  });

  test.each([
    [
      'https://registry.example/mosaic-siem-relay/-/mosaic-siem-relay-0.2.0.tgz',
      { specifier: manifest.version },
    ],
    ['https://files.example/relay.tgz', { specifier: 'https://files.example/relay.tgz' }],
    [undefined, { specifier: manifest.version }],
  ])('says nothing of a package that came from %s', (resolved, source) => {
    using folder = emptyFolder();

    expect(sourceOf(resolved, folder.path)).toEqual(source);
  });

  test.each([
    ['pnpm/12.21.0 npm/? node/v24.21.0 linux x64', /^pnpm works; .*classic-level/],
    ['yarn/1.22.22 npm/? node/v24.21.0 linux x64', /^yarn 1 was seen to fail .*; npm works$/],
    ['bun/1.3.9 npm/? node/v24.3.0 linux x64', /^bun was not tried .*; npm works$/],
    ['npm/11.19.1 node/v24.21.0 linux x64', /^$/],
  ])('says in one line what works under %s, writes, and names the client that works', async (agent, line) => {
    using folder = emptyFolder();
    vi.stubEnv('npm_config_user_agent', agent);

    const words = ['init', folder.path, '--yes', '--package', '1.0.0'];
    const { code, out, problems } = await runRelay(words);

    vi.unstubAllEnvs();
    expect(code).toBe(0);
    expect(problems).toMatch(line);
    const client = agent.startsWith('pnpm') ? 'pnpm' : 'npm';
    expect(out).toContain(`\n  ${client} install\n  ${client} start\n`);
  });
});

/** Where a project takes the relay from, for a program whose package lies as npx installs it. */
function sourceOf(resolved: string | undefined, folder: string) {
  const modules = join(folder, 'npx/hash/node_modules');
  const own = join(modules, 'mosaic-siem-relay');
  mkdirSync(own, { recursive: true });
  const packages = { 'node_modules/mosaic-siem-relay': { version: '0.2.0', resolved } };
  writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
  return relaySource(undefined, join(folder, 'siem'), own);
}

describe('relay init refuses in one line, and leaves everything as it was,', () => {
  test.each([
    ['--to splnk', /^relay init: --to "splnk" is not one of s3, .*; did you mean splunk\?$/],
    ['--to gcs,elasti', /"elasti" is not one of .*; did you mean elastic\?$/],
    ['--to s3,splunk,gcs,datadog,newRelic,dynatrace,sumoLogic,elastic,http', /more than 8/],
    ['--region eu-wset-1', /--region "eu-wset-1" is not a region .*; did you mean eu-west-1\?$/],
    ['--region us-gov-west-1', /--region "us-gov-west-1" is not a region of AWS that this release knows/],
    ['--types cis,amdin', /--types "amdin" is not one of .*; did you mean admin\?$/],
    ['--every 90s', /--every '90s' is no schedule; give whole minutes, hours or days/],
    ['--every 4d', /--every "4d" is above 3 days/],
    ['--environment sandbx', /--environment 'sandbx' is no Mosaic environment; did you mean 'sandbox'\?$/],
    ['--stage Prod', /--stage 'Prod' will not do; give lower-case letters/],
    ['--stage a\u0000b', /^relay init: --stage 'a b' will not do; give lower-case letters/],
    ['--stag prod', /there is no flag --stag; did you mean --stage\?$/],
    ['--package ./nowhere.tgz', /^relay init: --package: there is no \/.*\/nowhere\.tgz; npm run pack/],
    ['--package relay.tgz', /^relay init: --package: there is no \/.*\/relay\.tgz; /],
    ['--package file:/nowhere/relay.tgz', /^relay init: --package: there is no \/nowhere\/relay\.tgz; /],
    ['other', /"other" is not a flag; /],
  ])('%s', async (words, line) => {
    using folder = emptyFolder();
    const siem = join(folder.path, 'siem');

    const { code, out, problems } = await runRelay(['init', siem, '--yes', ...words.split(' ')]);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problems).toMatch(line);
    expect(problems).not.toContain('\n');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('flags that are missing where nobody can be asked', async () => {
    using folder = emptyFolder();

    const run = await runRelay(['init', join(folder.path, 'siem'), '--types', 'cis', '--to', 's3']);

    expect(run).toEqual({
      code: 2,
      out: '',
      problems:
        'relay init: there is no terminal to ask on: give --stage, --region, --every, --environment, or --yes for the defaults',
    });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test.each([
    ['a folder that holds a file', 'README.md', /is not empty \(README\.md\); name a new folder/],
    ['a folder that holds a dot file', '.env', /is not empty \(\.env\); /],
  ])('%s', async (_, name, line) => {
    using folder = emptyFolder();
    writeFileSync(join(folder.path, name), 'mine');

    const { code, problems } = await runRelay(['init', folder.path, '--yes']);

    expect(code).toBe(2);
    expect(problems).toMatch(line);
    expect(filesIn(folder.path)).toEqual({ [name]: 'mine' });
  });

  test('a file in the place of the folder, and a folder below a file', async () => {
    using folder = emptyFolder();
    const file = join(folder.path, 'file');
    writeFileSync(file, 'mine');

    for (const place of [file, join(file, 'siem')]) {
      const { code, problems } = await runRelay(['init', place, '--yes']);
      expect({ code, lines: problems.split('\n').length }).toEqual({ code: 2, lines: 1 });
    }
    expect(filesIn(folder.path)).toEqual({ file: 'mine' });
  });
});

test('an empty repository may have its .git already', async () => {
  using folder = emptyFolder();
  mkdirSync(join(folder.path, '.git'));

  expect((await runRelay(['init', folder.path, '--yes'])).code).toBe(0);
  expect(readdirSync(folder.path)).toHaveLength(8);
});

test('relay init loads neither the CDK nor a client of AWS', () => {
  using folder = emptyFolder();
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(specifier, context, next) {
      if (/^(aws-cdk|constructs|@aws-)/.test(specifier)) throw new Error('loads ' + specifier);
      return next(specifier, context);
    } });`;

  const { status, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
      join(root, 'cli/bin.js'),
      'init',
      'siem',
      '--yes',
      '--package',
      '1.0.0',
    ],
    { cwd: folder.path, encoding: 'utf8' },
  );

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(folder.path)).toEqual(['siem']);
});

test('a project names the versions that the repository is tried with', () => {
  for (const [name, version] of Object.entries({ ...companions.dependencies, ...companions.devDependencies }))
    expect({ ...manifest.dependencies, ...manifest.devDependencies }[name]).toBe(version);
});

test('cli/init/destination-choices.ts says the same as the kinds: npm run docs writes it', () => {
  const written = readFileSync(join(root, 'cli/init/destination-choices.ts'), 'utf8');

  expect(written).toBe(destinationChoicesFile());
});
