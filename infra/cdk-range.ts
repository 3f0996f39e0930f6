import { createRequire, findPackageJSON } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * Says in one line that the CDK at hand is not one that this release works with; undefined where it is. npm refuses such an
 * installation itself, but other package managers and `--force` do not, and an older CDK fails with the name of a method.
 */
export function cdkProblem(): string | undefined {
  const manifest = findPackageJSON('..', import.meta.url);
  const { dependencies, peerDependencies } = require(manifest!) as Manifest;
  const ranges = { ...dependencies, ...peerDependencies };
  for (const name of ['aws-cdk-lib', 'constructs']) {
    const { version } = require(`${name}/package.json`) as { readonly version: string };
    const problem = outOfRange(name, version, ranges[name] ?? version);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** @param range the oldest version that is taken, such as `^2.276.0`: all newer ones of its major version are, too */
export function outOfRange(name: string, version: string, range: string): string | undefined {
  const least = range.replace(/^\^/, '');
  const [major = 0, ...rest] = numbersOf(version);
  const [leastMajor = 0, ...leastRest] = numbersOf(least);
  const order = rest.map((part, place) => part - (leastRest[place] ?? 0)).find((each) => each !== 0) ?? 0;
  if (major === leastMajor && order >= 0) return undefined;
  return `${name} ${version} is out of range: this release works with ${least} and newer versions below ${leastMajor + 1}; npm install ${name}@^${least}`;
}

function numbersOf(version: string): readonly number[] {
  return version.split(/[.+-]/, 3).map(Number);
}
