import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/**
 * The `package.json` of the package. The repository's own is for working on it, on Node 20 too, with private libraries
 * and tools; this one names what the compiled files import, in the versions that the repository is tested with.
 *
 * @param root the repository
 * @throws naming a package that a file imports and the repository does not know
 */
export function packageManifest(root: string): Manifest {
  const { name, version, description, license, type, repository } = manifestOf(join(root, 'package.json'));
  return {
    name,
    version,
    description,
    keywords: ['mosaic', 'siem', 'cdk', 'security-events', 'splunk', 'sentinel', 'datadog'],
    license,
    ...(repository !== undefined && { repository }),
    type,
    engines: { node: '>=22.18' },
    bin: { relay: 'dist/cli/bin.js' },
    exports: {
      '.': { types: './dist/infra/index.d.ts', default: './dist/infra/index.js' },
      './package.json': './package.json',
    },
    dependencies: runtimeDependencies(root),
    peerDependencies: Object.fromEntries(
      Object.entries(oldestPeers).map(([peer, oldest]) => [peer, `^${oldest}`]),
    ),
    peerDependenciesMeta: Object.fromEntries(peerNames.map((peer) => [peer, { optional: true }])),
  };
}

/**
 * The folder of an operator names them, since its stack may hold more than the relay. cdk-nag asks for the other two, and
 * would bring them to whoever only runs `relay init`. These versions are the oldest that will do, and
 * `test/outside/cdk-range.test.ts` synthesises with them; `relay init` names those that the clone has.
 */
export const oldestPeers = { 'aws-cdk-lib': '2.270.0', 'cdk-nag': '3.0.2', constructs: '10.5.1' };
const peerNames = Object.keys(oldestPeers);

function runtimeDependencies(root: string): Readonly<Record<string, string>> {
  const known = versionsIn(root);
  const dist = join(root, 'dist');
  const names = globSync('**/*.js', { cwd: dist, exclude: ['bundles/**', 'local/page/browser/**'] }).flatMap(
    (file) => packagesIn(readFileSync(join(dist, file), 'utf8')),
  );
  return Object.fromEntries(
    [...new Set(names)]
      .filter((name) => !peerNames.includes(name))
      .sort()
      .map((name) => {
        if (known[name] === undefined)
          throw new Error(`the package imports ${name}, which no package.json names`);
        return [name, known[name]];
      }),
  );
}

/** The packages that a compiled file imports. A comment's example is none: its lines do not begin with the import. */
function packagesIn(source: string): readonly string[] {
  const statements = source.matchAll(
    /^(?:import|export)\b[^;'"]*\bfrom ['"]([a-z@][^'"]*)['"]|^import ['"]([a-z@][^'"]*)['"]|^(?! *\*).*\bimport\(['"]([a-z@][^'"]*)['"]\)/gm,
  );
  return [...statements]
    .map(([, named, bare, later]) => named ?? bare ?? later ?? '')
    .filter((specifier) => !isBuiltin(specifier))
    .map((specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'));
}

/** Every package's version, of the repository and its libraries. */
function versionsIn(root: string): Readonly<Record<string, string>> {
  const files = ['package.json', ...globSync('packages/*/package.json', { cwd: root })];
  return Object.assign(
    {},
    ...files.map((file) => {
      const { dependencies, devDependencies } = manifestOf(join(root, file));
      return { ...devDependencies, ...dependencies };
    }),
  ) as Readonly<Record<string, string>>;
}

function manifestOf(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}
