import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cdkProblem, outOfRange } from '../../infra/cdk-range.ts';

const root = join(import.meta.dirname, '../..');

test('the CDK of the repository is in range', () => {
  expect(cdkProblem()).toBeUndefined();
});

test.each([
  ['2.276.0', true],
  ['2.276.1', true],
  ['2.1000.0', true],
  ['2.276.0-rc.1', true],
  ['2.275.9', false],
  ['2.99.0', false],
  ['1.300.0', false],
  ['3.0.0', false],
])('of a range ^2.276.0, %s is in it: %s', (version, isIn) => {
  expect(outOfRange('aws-cdk-lib', version, '^2.276.0') === undefined).toBe(isIn);
});

test('an app with an older CDK ends in one line that names the version to install', () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ load: (url, context, next) => url.endsWith('/aws-cdk-lib/package.json')
      ? { format: 'json', source: '{ "version": "2.257.0" }', shortCircuit: true }
      : next(url, context) });`;

  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, 'infra/app.ts'],
    { cwd: root, encoding: 'utf8' },
  );

  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    /^aws-cdk-lib 2\.257\.0 is out of range: this release works with \S+ and newer versions below 3; npm install aws-cdk-lib@\^\S+\n$/,
  );
});
