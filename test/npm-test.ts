import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * `npm test`: all tests, with types and lint beside them, since each of the three leaves a core idle for a while. Where
 * types or lint fail, the tests end early, and the failure is shown last. `npm test -- AREA` runs tests alone, those whose
 * path has the word; so does any other argument, all of which are Vitest's.
 */
const filters = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const checks = filters.length === 0 ? ['types', 'lint'] : [];

const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const tests = spawn(process.execPath, [vitest, 'run', ...filters], { cwd: root, stdio: 'inherit' });
const [code, ...failures] = await Promise.all([ended(tests), ...checks.map(failureOf)]);
for (const text of failures) process.stderr.write(text);
process.exitCode = failures.some((text) => text !== '') ? 1 : code;

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
