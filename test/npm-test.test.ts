import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The program beside a Vitest and an npm that do what a variable says. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-npm-test-'));
  for (const name of ['test', 'bin', 'node_modules/vitest'])
    mkdirSync(join(folder, name), { recursive: true });
  cpSync(join(import.meta.dirname, 'npm-test.ts'), join(folder, 'test/npm-test.ts'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'node_modules/vitest/vitest.mjs'), vitest);
  writeFileSync(join(folder, 'bin/npm'), npm, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vitest = `
console.log('vitest', ...process.argv.slice(2));
process.exitCode = Number(process.env.TESTS);
if (process.env.SLOW) setTimeout(() => console.log('all tests have run'), 60_000);`;
const npm = '#!/bin/sh\n[ "$3" != "$FAILING" ] || { echo "$3 is wrong"; exit 1; }\n';

function npmTest(args: readonly string[], { failing = '', tests = '0', slow = '' } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/npm-test.ts', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, FAILING: failing, TESTS: tests, SLOW: slow },
  });
  return { status, stdout, stderr };
}

test('all tests are run, with types and lint beside them', () => {
  expect(npmTest([])).toEqual({ status: 0, stdout: 'vitest run\n', stderr: '' });
});

test.each(['types', 'lint'])('%s that fail end the tests, fail the command, and are shown', (failing) => {
  expect(npmTest([], { failing, slow: 'yes' })).toMatchObject({
    status: 1,
    stderr: `\nnpm run ${failing} failed:\n${failing} is wrong\n`,
    stdout: expect.not.stringContaining('all tests have run'),
  });
});

test('a test that fails fails the command', () => {
  expect(npmTest([], { tests: '1' })).toMatchObject({ status: 1 });
});

test('an area runs its tests alone', () => {
  expect(npmTest(['cli'], { failing: 'types' })).toEqual({
    status: 0,
    stdout: 'vitest run cli\n',
    stderr: '',
  });
  expect(npmTest(['cli'], { tests: '1' })).toMatchObject({ status: 1 });
});
