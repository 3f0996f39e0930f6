import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export interface TestResult {
  /** How many tests each file holds; a file that timed out or could not be loaded is not there. */
  readonly totals: ReadonlyMap<string, number>;
  /** Their names. */
  readonly failed: readonly string[];
  /** Left out by themselves, or by a hook that failed. */
  readonly skipped: readonly string[];
}

/** Runs test files of a project in a process of its own, which is killed after five minutes. */
export async function runTests(folder: string, files: readonly string[]): Promise<TestResult> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const report = join(folder, 'report.json');
  const args = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`, ...files];
  await rm(report, { force: true });
  await new Promise<void>((resolve) => {
    // Its exit code says no more than the report does.
    execFile(process.execPath, [vitest, ...args], { cwd: folder, env: environment(), timeout: 300_000 }, () =>
      resolve(),
    );
  });
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return {
    totals: new Map(
      testResults
        .filter(({ assertionResults }) => assertionResults.length > 0)
        .map(({ name, assertionResults }) => [relative(folder, name), assertionResults.length]),
    ),
    failed: all
      .filter(({ status }) => status !== 'passed' && status !== 'skipped')
      .map(({ fullName }) => fullName),
    skipped: all.filter(({ status }) => status === 'skipped').map(({ fullName }) => fullName),
  };
}

/** Without what the test runner around it has set for its own workers. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('VITEST')));
}

interface Report {
  readonly testResults: readonly {
    /** The file's path. */
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}
