import { builtinModules } from 'node:module';
import { posix } from 'node:path';

/** One import statement of a source file. */
export interface SourceImport {
  /** The importing file, from the repository's root. */
  readonly from: string;
  /** A file from the root, `node:` and a module, or the name of a package. */
  readonly to: string;
  readonly kind: 'file' | 'node' | 'package' | 'computed';
  /** Gone when the types are stripped: `import type`, and not `import { type X }`, which loads the module. */
  readonly typeOnly: boolean;
}

/**
 * Reads the static imports, re-exports and dynamic imports of a file as the formatter leaves them: statements begin a
 * line, names are in single quotes.
 */
export function importsOf(from: string, source: string): readonly SourceImport[] {
  const code = source.replace(commentLine, '');
  const statements = [...code.matchAll(statement)].map(([, type, name]) => ({
    name: name!,
    typeOnly: type !== undefined,
  }));
  const calls = [...code.matchAll(call)].map(([, name]) => ({ name, typeOnly: false }));
  return [...statements, ...calls].map(({ name, typeOnly }) => ({ from, ...target(from, name), typeOnly }));
}

const commentLine = /^\s*(?:\/\/|\/\*|\*).*$/gm;

/** `import x from 'y'`, `import type { … } from 'y'`, `import 'y'`, `export * from 'y'`, over several lines. */
const statement = /^(?:import|export)\s+(type\s+)?(?:[\w$*{},\s]+\sfrom\s+)?'([^']+)'/gm;

/** `import('y')`. */
const call = /(?<![.\w])import\(\s*(?:'([^']+)')?/g;

function target(from: string, name: string | undefined): Pick<SourceImport, 'to' | 'kind'> {
  if (name === undefined) return { kind: 'computed', to: 'a name that it computes' };
  if (name.startsWith('.')) return { kind: 'file', to: posix.join(posix.dirname(from), name) };
  if (name.startsWith('node:') || builtinModules.includes(name)) return { kind: 'node', to: name };
  const parts = name.split('/');
  return { kind: 'package', to: parts.slice(0, name.startsWith('@') ? 2 : 1).join('/') };
}
