import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedFile } from '../access/shipped-file.ts';
import type { WrittenDestination } from './made-content.ts';

/** The shipped files below a folder, by their path in it, in the order of paths. */
export async function shippedFolder(path: string, only = /./): Promise<Readonly<Record<string, string>>> {
  const root = shippedFile(path);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((each) => only.test(each))
    .sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (each) => [each, await readFile(join(root, each), 'utf8')] as const)),
  );
}

/** The distinct texts that destinations give a setting, in their order. */
export function valuesOf(destinations: readonly WrittenDestination[], setting: string): readonly string[] {
  const values = destinations.map((each) => each[setting]).filter((value) => typeof value === 'string');
  return [...new Set(values)];
}

export function mapFiles(
  files: Readonly<Record<string, string>>,
  change: (path: string, text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(path, text)]));
}

/** The same files in a folder. */
export function under(
  folder: string,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
