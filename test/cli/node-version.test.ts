import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test.each<[string, string, { readonly status: number; readonly stderr: string }]>([
  [
    'a Node that cannot run the programs ends them with 2 and one line',
    '20.20.2',
    {
      status: 2,
      stderr: 'Node 20.20.2 is too old: Node 24 is recommended, and 22.18 the oldest that works\n',
    },
  ],
  [
    'an older Node that can is told in one line what is recommended',
    '22.18.0',
    { status: 0, stderr: 'Node 24 is recommended; this is Node 22.18.0\n' },
  ],
  ['Node 24 is told nothing', '24.21.0', { status: 0, stderr: '' }],
])('%s', (_, version, told) => {
  expect(startOn(version)).toEqual(told);
});

test('npm on an older Node than its scripts prints one line with the recommended version', () => {
  const npm = { npm_config_user_agent: 'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false' };

  expect(startOn('24.21.0', npm)).toEqual({
    status: 0,
    stderr: "Node 24 is recommended; npm's is Node 20.20.2\n",
  });
});

test('every program of the repository says so', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  for (const name of ['start', 'mosaic', 'relay', 'soak', 'bench'])
    expect(scripts[name]).toMatch(/^node --import \.\/cli\/node-version\.js \S+\.ts$/);
  expect(readFileSync(join(root, 'cli/relay.ts'), 'utf8')).toMatch(/^import '\.\/node-version\.js';$/m);
});

/** Starts an empty program on what says that it is this version of Node. */
function startOn(version: string, env: Readonly<Record<string, string>> = {}) {
  const pretence = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', pretence, '--import', './cli/node-version.js', '--eval', ''],
    { cwd: root, encoding: 'utf8', env },
  );
  return { status, stderr };
}
