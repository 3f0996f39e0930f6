import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm test`, `npm run test:long` and `npm run test:outside`. Without an argument all tests are run, with types and lint
 * beside them, since each of the three leaves a core idle for a while; where types or lint fail, the tests end early, and
 * the failure is shown last. `npm test -- AREA` runs tests alone, those whose path has the word; so does any other
 * argument, all of which are Vitest's.
 *
 * Where `CI` is set, up to three files that failed run once more, alone, and both results are shown: on a busy machine a
 * test that races against the clock fails now and then, and is to be mended without holding up what has nothing to do
 * with it. A property that failed counts at once, since another run draws other examples.
 */
const filters = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const checks = filters.length === 0 ? ['types', 'lint'] : [];
const reportFolder = mkdtempSync(join(tmpdir(), 'run-tests-'));
const report = join(reportFolder, 'report.json');

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const tests = run(filters);
let [code, ...failures] = await Promise.all([ended(tests), ...checks.map(failureOf)]);
const again = code === 0 || process.env.CI === undefined ? [] : filesToRunAgain();
if (again.length > 0) {
  process.stdout.write(`\nThese failed, and run once more, alone: ${again.join(', ')}\n`);
  code = await ended(run([...optionsOf(filters), ...again]));
  if (code === 0)
    process.stdout.write('They passed now. What failed above races against something: mend it.\n');
}
rmSync(reportFolder, { recursive: true, force: true });
for (const text of failures) process.stderr.write(text);
process.exitCode = failures.some((text) => text !== '') ? 1 : code;

function run(args: readonly string[]): ChildProcess {
  const json = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const reporters = process.env.CI === undefined ? [] : json;
  return spawn(process.execPath, [vitest, 'run', ...reporters, ...args], { cwd: root, stdio: 'inherit' });
}

/** @returns the paths of the files that failed, none where there are more than three or where a property failed */
function filesToRunAgain(): string[] {
  if (!existsSync(report)) return [];
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  const failed = testResults.filter(({ status }) => status === 'failed');
  const messages = failed.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ failureMessages }) => failureMessages ?? []),
  );
  const certain = failed.length > 3 || messages.some((message) => message.includes('Property failed after'));
  return certain ? [] : failed.map(({ name }) => name);
}

/** The part of Vitest's JSON report that is read here. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly failureMessages?: readonly string[] }[];
  }[];
}

/** Options alone, without the words by which files are chosen: `--name value` and `--name=value`. */
function optionsOf(args: readonly string[]): string[] {
  return args.filter((arg, index) => arg.startsWith('--') || args[index - 1] === '--config');
}

/** @returns the name and the output of a script that failed, '' of one that went well */
async function failureOf(script: string): Promise<string> {
  const child = spawn('npm', ['run', '--silent', script], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  if ((await ended(child)) === 0) return '';
  tests.kill('SIGINT');
  return `\nnpm run ${script} failed:\n${Buffer.concat(said)}`;
}

/** @returns the exit code, 1 after a signal */
function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve(exitCode ?? 1));
  });
}
