import { importsOf, type SourceImport } from './source-imports.ts';

/**
 * "Where things are, and who may import whom" of the design, as a check of sources by their paths from the root.
 *
 * @returns each import that is not allowed, and by what
 */
export function forbiddenImports(sources: ReadonlyMap<string, string>): readonly string[] {
  const imports = new Map([...sources].map(([path, source]) => [path, importsOf(path, source)]));
  return [...imports.values()].flat().flatMap((one) => {
    const broken = rules.find(({ holdsFor, allows }) => holdsFor(one.from) && !allows(one, imports));
    return broken === undefined ? [] : [`${one.from} imports ${one.to}: ${broken.says}`];
  });
}

interface ImportRule {
  readonly says: string;
  holdsFor(path: string): boolean;
  allows(one: SourceImport, all: Imports): boolean;
}

type Imports = ReadonlyMap<string, readonly SourceImport[]>;

const rules: readonly ImportRule[] = [
  {
    says: 'a library under packages/ has Node, packages and its own files, and no relative import goes over its border',
    holdsFor: () => true,
    allows: ({ from, kind, to }) => kind !== 'file' || libraryOf(from) === libraryOf(to),
  },
  {
    says: 'nothing imports lab/, which proves what the rest does',
    holdsFor: (path) => !/^(lab|test)\//.test(path),
    allows: ({ to }) => !to.startsWith('lab/'),
  },
  {
    says: 'functions/ knows nothing of what deploys, simulates or operates it',
    holdsFor: (path) => path.startsWith('functions/'),
    allows: ({ kind, to }) =>
      kind === 'node' ||
      (kind === 'package' && !isLibrary(to)) ||
      (kind === 'file' && to.startsWith('functions/')),
  },
  {
    says: 'functions/stored/ is known to all, and knows Node, itself and what loads no package',
    holdsFor: isStored,
    allows: ({ kind, to }) => kind === 'node' || (kind === 'file' && (isStored(to) || sharedByCore.has(to))),
  },
  {
    says: "the collector's protocol has Node, itself, budgets and the contract's types; all else it asks through its ports",
    holdsFor: isWing('protocol'),
    allows: ({ from, kind, to, typeOnly }) =>
      kind === 'node' ||
      (kind === 'file' && (isWing('protocol')(to) || isBelowTheWings(to))) ||
      (typeOnly && isContract(to)) ||
      // The port's words for what a collect call came to are those of the API client.
      (typeOnly && to === collectOutcome && from === sourcePort),
  },
  {
    says: "the collector's answers/ read bytes, and of the protocol they have the types of the ports",
    holdsFor: isWing('answers'),
    allows: ({ kind, to, typeOnly }) =>
      kind === 'node' ||
      (kind === 'file' && (isWing('answers')(to) || isBelowTheWings(to) || (typeOnly && isPort(to)))),
  },
  {
    says: "the collector's views/ read bytes by what answers/ know of JSON, and have types of the protocol",
    holdsFor: isWing('views'),
    allows: ({ kind, to, typeOnly }) =>
      kind === 'node' ||
      (kind === 'file' &&
        (isWing('views')(to) ||
          isWing('answers')(to) ||
          isBelowTheWings(to) ||
          (typeOnly && to.startsWith('functions/collector/protocol/')))),
  },
  {
    says: "the collector's delivery/ and witness/ stand on answers/ and protocol/, and on no adapter",
    holdsFor: (path) => isWing('delivery')(path) || isWing('witness')(path),
    allows: ({ from, kind, to, typeOnly }) =>
      kind === 'node' ||
      (typeOnly && isContract(to)) ||
      (kind === 'file' &&
        (folderOf(from) === folderOf(to) ||
          isWing('answers')(to) ||
          isWing('views')(to) ||
          isWing('protocol')(to) ||
          isBelowTheWings(to))),
  },
  {
    says: 'the API client stands alone, below the functions',
    holdsFor: (path) => path.startsWith('functions/mosaic/'),
    allows: ({ to }) => !to.startsWith('functions/') || isShared(to),
  },
  {
    says: 'infra/ has the CDK, Node, its schema library, what is stored, the table of activities, and of a function the contract, the budgets and the namespace of its metrics',
    holdsFor: (path) => path.startsWith('infra/'),
    allows: ({ from, kind, to }) =>
      kind === 'node' ||
      (kind === 'package' && infraPackages.has(to)) ||
      (kind === 'file' &&
        (/^(infra|content\/mapping)\//.test(to) || isContract(to) || isStored(to) || isSharedFact(to))) ||
      // The settings are the operator's own file, wherever it lies.
      (kind === 'computed' && from === 'infra/config/settings-file.ts'),
  },
  {
    says: 'content/ is written from its own table, by names that the settings document and in forms that are stored',
    holdsFor: (path) => path.startsWith('content/'),
    allows: ({ kind, to, typeOnly }) =>
      kind === 'node' ||
      (kind === 'file' &&
        (to.startsWith('content/') ||
          (typeOnly && (isStored(to) || to === 'infra/config/documented-names.ts')))),
  },
  {
    says: 'local/ reads the assembly; of functions/ it has contracts, and what loads no package; of cli/ the argument reader, and what commands are made of',
    holdsFor: (path) => path.startsWith('local/'),
    allows: ({ kind, to, typeOnly }, all) =>
      kind !== 'file' ||
      to.startsWith('local/') ||
      isCommandLibrary(to) ||
      isContract(to) ||
      (to.startsWith('functions/') && !isEdge(to) && (typeOnly || loadsNoPackage(to, all))),
  },
  {
    says: 'cli/ works on what is deployed: it has functions/ and the settings, and nothing of local/ or the CDK',
    holdsFor: (path) => path.startsWith('cli/'),
    allows: ({ from, kind, to, typeOnly }) =>
      kind === 'node' ||
      (kind === 'package' && !to.startsWith('aws-cdk') && to !== 'constructs' && !isLibrary(to)) ||
      (kind === 'file' &&
        (/^(cli|functions|infra\/config)\//.test(to) ||
          (typeOnly && to === 'infra/destinations/receiver.ts'))) ||
      // A view to be previewed is the operator's own file, wherever it lies.
      (kind === 'computed' && from === 'cli/preview/chosen-view.ts'),
  },
];

/** The folder of the library that a file belongs to; undefined for the product and its tests. */
function libraryOf(path: string): string | undefined {
  return /^packages\/[^/]+/.exec(path)?.[0];
}

function isLibrary(packageName: string): boolean {
  return packageName.startsWith('@mosaic-relay/');
}

/** esbuild bundles the functions at synth. */
const infraPackages = new Set(['aws-cdk-lib', 'cdk-nag', 'constructs', 'esbuild', 'zod']);

type Wing = 'protocol' | 'answers' | 'views' | 'delivery' | 'witness';

function isWing(wing: Wing): (path: string) => boolean {
  return (path) => path.startsWith(`functions/collector/${wing}/`);
}

/** `functions/collector/delivery`, also for what lies in a folder of it. */
function folderOf(path: string): string {
  return path.split('/').slice(0, 3).join('/');
}

function isPort(path: string): boolean {
  return path.startsWith('functions/collector/protocol/ports/');
}

const sourcePort = 'functions/collector/protocol/ports/source.ts';
const collectOutcome = 'functions/mosaic/collect-outcome.ts';

function isBelowTheWings(path: string): boolean {
  return sharedByCore.has(path) || isStored(path) || path === budgets;
}

const sharedByCore = new Set(
  ['answer', 'relay-error', 'shown-failure', 'shown-words', 'spare-buffers'].map(
    (name) => `functions/${name}.ts`,
  ),
);

/** The format of everything at rest. */
function isStored(path: string): boolean {
  return path.startsWith('functions/stored/');
}

/** Where a function meets AWS and its environment. */
function isEdge(path: string): boolean {
  return /^functions\/[^/]+\/(adapters\/.*|(handler|assemble|environment)\.ts)$/.test(path);
}

/** How long a collector takes for what: the synth counts with the same numbers. */
const budgets = 'functions/collector/budgets.ts';

/** Numbers and names that the functions and the synth share. */
function isSharedFact(path: string): boolean {
  return path === budgets || path === 'functions/metric-namespace.ts';
}

function isContract(path: string): boolean {
  return /^functions\/[^/]+\/contract\.ts$/.test(path);
}

/** The argument reader of every program, and what an operator's command does: the local run re-drives, judges, previews and tells of a trial by the same code. */
function isCommandLibrary(path: string): boolean {
  return (
    ['cli/ask.ts', 'cli/text.ts'].includes(path) ||
    /^cli\/(access|arguments|logs|preview|replay|status|trial|waiting)\//.test(path)
  );
}

function isShared(path: string): boolean {
  return path.startsWith('functions/mosaic/') || isStored(path) || /^functions\/[^/]+\.ts$/.test(path);
}

function loadsNoPackage(path: string, all: Imports, seen: Set<string> = new Set()): boolean {
  if (seen.has(path)) return true;
  seen.add(path);
  return (all.get(path) ?? [])
    .filter(({ typeOnly }) => !typeOnly)
    .every(({ kind, to }) => kind === 'node' || (kind === 'file' && loadsNoPackage(to, all, seen)));
}
