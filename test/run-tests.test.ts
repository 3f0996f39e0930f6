import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** The program beside a Vitest and an npm that do what a variable says. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relay-run-tests-'));
  for (const name of ['test', 'bin', 'node_modules/vitest'])
    mkdirSync(join(folder, name), { recursive: true });
  cpSync(join(import.meta.dirname, 'run-tests.ts'), join(folder, 'test/run-tests.ts'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'node_modules/vitest/vitest.mjs'), vitest);
  writeFileSync(join(folder, 'bin/npm'), npm, { mode: 0o755 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vitest = `
import { writeFileSync } from 'node:fs';
const [reporters, others] = [[], []];
for (const arg of process.argv.slice(2)) (/reporter|outputFile/.test(arg) ? reporters : others).push(arg);
console.log('vitest', ...others);
const file = reporters.find((arg) => arg.startsWith('--outputFile.json='))?.slice(18);
if (file && process.env.REPORT) writeFileSync(file, process.env.REPORT);
process.exitCode = others.includes('races.test.ts') ? 0 : Number(process.env.TESTS);
if (process.env.SLOW) setTimeout(() => console.log('all tests have run'), 60_000);`;
const npm = '#!/bin/sh\n[ "$3" != "$FAILING" ] || { echo "$3 is wrong"; exit 1; }\n';

/** What fails: a script, tests (by exit code), with this report; whether tests take long; whether this is a CI. */
interface Situation {
  readonly failing?: string;
  readonly tests?: string;
  readonly SLOW?: string;
  readonly CI?: string;
  readonly REPORT?: string;
}

function npmTest(args: readonly string[], { failing = '', tests = '0', ...set } = {} as Situation) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/run-tests.ts', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, FAILING: failing, TESTS: tests, ...set },
  });
  return { status, stdout, stderr };
}

test('all tests are run, with types and lint beside them', () => {
  expect(npmTest([])).toEqual({ status: 0, stdout: 'vitest run\n', stderr: '' });
});

test.each(['types', 'lint'])('%s that fail end the tests, fail the command, and are shown', (failing) => {
  expect(npmTest([], { failing, SLOW: 'yes' })).toMatchObject({
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

describe('where CI is set', () => {
  const failed = (name: string, message = 'expected 1 to be 2') => ({
    name,
    status: 'failed',
    assertionResults: [{ failureMessages: [message] }],
  });
  const report = (...testResults: object[]) =>
    JSON.stringify({
      testResults: [{ name: 'good.test.ts', status: 'passed', assertionResults: [] }, ...testResults],
    });

  test('a file that failed runs once more, alone, by the same settings', () => {
    const situation = { CI: 'true', tests: '1', REPORT: report(failed('races.test.ts')) };
    const { status, stdout } = npmTest(['--config', 'long.ts', 'cli'], situation);

    expect(stdout.match(/^vitest .*/gm)).toEqual([
      'vitest run --config long.ts cli',
      'vitest run --config long.ts races.test.ts',
    ]);
    expect(stdout).toContain('They passed now.');
    expect(status).toBe(0);
  });

  test('a file that fails again fails the command', () => {
    const { status, stdout } = npmTest([], {
      CI: 'true',
      tests: '1',
      REPORT: report(failed('wrong.test.ts')),
    });
    expect(status).toBe(1);
    expect(stdout).not.toContain('They passed now.');
  });

  test.each([
    ['four files', report(...['a', 'b', 'c', 'races.test.ts'].map((name) => failed(name)))],
    ['a property', report(failed('races.test.ts', 'Error: Property failed after 3 tests'))],
    ['no file, but the run itself', report()],
    ['a run without a report', undefined],
  ])('%s that failed is not run again', (_, text) => {
    const set = text === undefined ? {} : { REPORT: text };
    const { status, stdout } = npmTest([], { CI: 'true', tests: '1', ...set });
    expect(status).toBe(1);
    expect(stdout.match(/^vitest /gm)).toHaveLength(1);
  });

  test('types that fail end it, whatever the tests say', () => {
    const situation = { CI: 'true', tests: '1', failing: 'types', REPORT: report(failed('races.test.ts')) };
    expect(npmTest([], situation)).toMatchObject({ status: 1 });
  });
});
