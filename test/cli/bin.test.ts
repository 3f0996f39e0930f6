import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test.each(['8.17.0', '20.20.2', '22.17.1'])(
  'the program of the package says on Node %s in one line that it needs a newer one, and ends with 2',
  (version) => {
    expect(startOn(version)).toEqual({
      status: 2,
      stdout: '',
      stderr: `relay needs Node 22.18 or newer; this is Node ${version}\n`,
    });
  },
);

test.each(['22.18.0', '24.21.0', '100.0.0'])('it runs on Node %s, and says nothing of it', (version) => {
  expect(startOn(version)).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  });
});

test.each([
  ['npm start', 'start'],
  ['relay start', 'npx'],
  ['relay start', undefined],
])(
  'start is the local run, with a command line of its own, and calls itself %s where npm runs %s',
  (name, npm_lifecycle_event) => {
    expect(startOn('22.18.0', ['start', '--evnts', '5'], { npm_lifecycle_event })).toEqual({
      status: 2,
      stdout: '',
      stderr: `${name}: there is no flag --evnts; did you mean --events?\n`,
    });
    const { stdout } = startOn('22.18.0', ['start', '--help'], { npm_lifecycle_event });
    const typed = name === 'npm start' ? 'npm start --' : name;
    expect(stdout).toMatch(new RegExp(`^Usage: ${typed} \\[options\\]\n`));
    expect(stdout).toContain(`\n  ${typed} --events 500 `);
    expect(stdout.includes('npm start')).toBe(name === 'npm start');
  },
);

test('it imports nothing before the check, and has no word that an old Node cannot read', () => {
  const source = readFileSync(join(root, 'cli/bin.js'), 'utf8').replaceAll(/\/\/.*|\/\*.*?\*\//g, '');

  expect(source).not.toMatch(/^\s*import\s|\brequire\(|\bawait\b|\?\.|\?\?/m);
  expect(source.indexOf("import('./")).toBeGreaterThan(source.indexOf('process.exitCode = 2'));
});

/** Starts the program on what says that it is this version of Node. */
function startOn(
  version: string,
  words: readonly string[] = ['--version'],
  env: Readonly<Record<string, string | undefined>> = {},
) {
  const pretence = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', pretence, 'cli/bin.js', ...words],
    { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } },
  );
  return { status, stdout, stderr };
}
