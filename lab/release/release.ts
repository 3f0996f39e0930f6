import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { outputOf } from '../../cli/arguments/output.ts';
import { runProgram } from '../../cli/arguments/program.ts';
import { releaseFacts, releaseProblems, unreleased } from './release-facts.ts';
import { releaseProgram } from './release-program.ts';

/** The program of `npm run release`. */
const root = join(import.meta.dirname, '../..');

const output = outputOf(process);

process.exitCode = await runProgram(releaseProgram, process.argv.slice(2), output, async ({ tag }) =>
  dryRun(tag),
);

function dryRun(tag: string | undefined): number {
  const { out, problem } = output;
  const facts = releaseFacts(root, tag);
  const problems = releaseProblems(facts);
  for (const line of problems) problem(line);
  if (problems.length > 0) return 1;
  out(`${facts.version}: package.json, package-lock.json and CHANGELOG.md agree`);
  const waiting = unreleased(facts.changelog);
  if (waiting > 0) out(`${waiting} entries under [Unreleased] wait for the next version`);
  // The test packs first, and leaves the tarball that it has tried in `packed/`.
  if (ended('test:package') !== 0) {
    problem('npm run test:package failed; nothing was published');
    return 1;
  }
  out(
    `Ready: ${tag ?? `the tag v${facts.version}`} would publish this tarball. Nothing was signed or published.`,
  );
  return 0;
}

/** npm's own client, whose path npm tells the scripts that it runs. */
function ended(script: string): number | null {
  const { npm_execpath: npm } = process.env;
  const [command, before] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  return spawnSync(command, [...before, 'run', script], {
    cwd: root,
    stdio: 'inherit',
    shell: npm === undefined && process.platform === 'win32',
  }).status;
}
