import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { outputOf } from '../../cli/arguments/output.ts';
import { runProgram } from '../../cli/arguments/program.ts';
import { keepRelease, keptVersions, releaseFile } from './kept-release.ts';
import { withReleaseAssembly } from './release-assembly.ts';
import { type ReleaseFacts, releaseFacts, releaseProblems, unreleased } from './release-facts.ts';
import { releaseProgram } from './release-program.ts';

/** The program of `npm run release`. */
const root = join(import.meta.dirname, '../..');

const output = outputOf(process);

process.exitCode = await runProgram(releaseProgram, process.argv.slice(2), output, (given) =>
  given['dry-run'] ? dryRun(given.tag) : release(),
);

/** Also run by the workflow of a tag, whose commit must have the kept assembly. */
async function dryRun(tag: string | undefined): Promise<number> {
  const { out } = output;
  const facts = { ...releaseFacts(root, tag), kept: keptVersions() };
  const code = ready(facts);
  if (code !== 0) return code;
  if (facts.kept.includes(facts.version)) out(`The assembly of ${facts.version} is kept`);
  else {
    const { file, contents } = await withReleaseAssembly(root, (dir) => releaseFile(dir, facts));
    out(`npm run release would keep ${shown(file)}, ${Math.round(contents.length / 1024)} KiB`);
  }
  out(
    `Ready: ${tag ?? `the tag v${facts.version}`} would publish this tarball. Nothing was signed or published.`,
  );
  return 0;
}

/** Everything in the changelog must have its version, as for the tag that comes next. */
async function release(): Promise<number> {
  const { out, problem } = output;
  const { version } = releaseFacts(root, undefined);
  const facts = releaseFacts(root, `v${version}`);
  if (keptVersions().includes(version)) {
    problem(
      `test/fixtures/releases: ${version} is kept already, and a release does not change; raise the version`,
    );
    return 1;
  }
  const code = ready(facts);
  if (code !== 0) return code;
  const file = await withReleaseAssembly(root, (dir) => keepRelease(dir, facts));
  out(
    `Kept ${shown(file)}. Commit it, and tag the commit v${version}: the tag publishes. Nothing was signed or published.`,
  );
  return 0;
}

function shown(file: string): string {
  return relative(root, file).replaceAll('\\', '/');
}

/** Compares the facts and tries the package. Returns the exit code. */
function ready(facts: ReleaseFacts): number {
  const { out, problem } = output;
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
