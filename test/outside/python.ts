import { join } from 'node:path';
import { install } from './install.ts';

/** Programs of a Python that has packages of its own, in a folder. */
export interface Python {
  /** Of the program `python`, or of one that a package brings. */
  program(name: string): string;
}

/** Creates the environment and installs packages, by pip's own settings. `missing` says why that did not succeed. */
export async function installPython(folder: string, packages: readonly string[]): Promise<InstalledPython> {
  const environment = join(folder, 'python');
  const program = (name: string) => join(environment, 'bin', name);
  const created = await install('python3', ['-m', 'venv', environment], folder);
  if (created.missing !== undefined) return created;
  const options = ['-m', 'pip', 'install', '--quiet', '--no-input', '--cache-dir', join(folder, 'cache')];
  const installed = await install(program('python'), [...options, ...packages], folder);
  return installed.missing === undefined ? { program } : installed;
}

export type InstalledPython = (Python & { readonly missing?: undefined }) | { readonly missing: string };
