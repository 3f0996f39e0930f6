import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleCeilings, functionNames } from '../../infra/constructs/function-bundle.ts';
import { bundled, leftOut } from '../../infra/constructs/make-bundle.ts';
import { type Environments, functionEnvironments } from './function-environments.ts';

/**
 * `npm run size`: size and import cost of every function's bundle, in both module formats. Exits 1 where one that is
 * deployed is above a ceiling.
 *
 * The yardstick is `@aws-sdk/client-firehose` alone, built by the same bundler with the same options. It stands there
 * twice: as the package comes, which the ceiling is about, and with the parts left out that our bundles leave out.
 *
 * The cost is the processor time of one `require` or `import` in a fresh process, in the environment that the template
 * gives the function. Elapsed time would count the machine's other work too. Busy caches still add to processor time, so
 * the least of the rounds counts, and every round takes every bundle once.
 */
const rounds = 15;

interface Subject {
  readonly name: string;
  readonly format: 'esm' | 'cjs';
  readonly file: string;
  readonly bytes: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly times: number[];
}

const folder = mkdtempSync(join(tmpdir(), 'relay-size-'));
try {
  const environments = functionEnvironments();
  const subjects = (['cjs', 'esm'] as const).flatMap((format) => subjectsIn(format, environments));
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of subjects) subject.times.push(importCpuMs(subject));
  }
  report(subjects);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function subjectsIn(format: 'esm' | 'cjs', environments: Environments): readonly Subject[] {
  const yardstick = { entry: 'lab/size/yardstick.ts', environment: environments.collector };
  return [
    subject({ ...yardstick, name: 'client-firehose', format, alias: {} }),
    subject({ ...yardstick, name: 'client-firehose, cut', format, alias: leftOut }),
    ...functionNames.map((name) => {
      const entry = `functions/${name}/handler.ts`;
      return subject({ name, entry, format, alias: leftOut, environment: environments[name] });
    }),
  ];
}

function subject(options: Parameters<typeof bundled>[0] & Pick<Subject, 'name' | 'environment'>): Subject {
  const { name, format, environment } = options;
  const own = join(folder, `${name.replaceAll(/\W+/g, '-')}-${format}`);
  mkdirSync(own);
  let code: { readonly file: string; readonly bytes: number } | undefined;
  for (const { path, contents } of bundled(options)) {
    writeFileSync(join(own, path), contents);
    if (!path.endsWith('.map')) code = { file: join(own, path), bytes: contents.length };
  }
  if (code === undefined) throw new Error(`esbuild gave no code for ${name}`);
  return { name, format, ...code, environment, times: [] };
}

/** Milliseconds of processor time of one import in a process of its own. */
function importCpuMs({ name, format, file, environment }: Subject): number {
  const load = `${format === 'cjs' ? 'require' : 'await import'}(${JSON.stringify(file)})`;
  const script = `const start = process.cpuUsage(); ${load}; const { user, system } = process.cpuUsage(start);
    process.stdout.write(String((user + system) / 1000), () => process.exit());`;
  const type = format === 'cjs' ? 'commonjs' : 'module';
  const env = { ...environment, PATH: process.env.PATH };
  const ended = spawnSync(process.execPath, [`--input-type=${type}`, '--eval', script], {
    env,
    encoding: 'utf8',
  });
  const ms = Number.parseFloat(ended.stdout);
  if (ended.status === 0 && Number.isFinite(ms)) return ms;
  throw new Error(
    `${name} (${format}) cannot be imported: ${ended.stderr.trim().split('\n').slice(0, 5).join(' ')}`,
  );
}

function report(subjects: readonly Subject[]): void {
  const least = ({ times }: Subject) => Math.min(...times);
  const found = (name: string, format: string) =>
    subjects.find((one) => one.name === name && one.format === format) as Subject;
  console.log('bundle                format      KB  import CPU ms   of client-firehose   of it, cut');
  for (const one of subjects) {
    const ratios = ['client-firehose', 'client-firehose, cut'].map((name) =>
      (least(one) / least(found(name, one.format))).toFixed(2),
    );
    const cells = [
      one.name.padEnd(22),
      one.format.padEnd(6),
      (one.bytes / 1000).toFixed(0).padStart(7),
      least(one).toFixed(1).padStart(15),
      ratios[0]?.padStart(21),
      ratios[1]?.padStart(14),
    ];
    console.log(cells.join(''));
  }
  const above = functionNames.flatMap((name) => {
    const deployed = found(name, 'cjs');
    const ratio = least(deployed) / least(found('client-firehose', 'cjs'));
    return [
      ...(deployed.bytes <= bundleCeilings.bytes ? [] : [`${name}: ${deployed.bytes} bytes`]),
      ...(ratio <= bundleCeilings.importRatio ? [] : [`${name}: ${ratio.toFixed(2)} times client-firehose`]),
    ];
  });
  const { bytes, importRatio } = bundleCeilings;
  console.log(
    `\nDeployed as cjs. Ceilings: ${bytes / 1000} KB, ${importRatio} times client-firehose's import.`,
  );
  for (const line of above) console.error(`above its ceiling: ${line}`);
  if (above.length > 0) process.exitCode = 1;
}
