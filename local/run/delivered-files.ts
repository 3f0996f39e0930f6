import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { shown, WrongUse } from '../../cli/arguments/wrong-use.ts';
import { deliveredLines } from '../../functions/stored/delivered-object.ts';

/** The file that marks a folder as made by a run, so that a later run may empty it. */
const markerName = '.mosaic-siem-relay';

/**
 * Makes the folder for delivered objects, empty.
 *
 * @throws {WrongUse} where the folder holds files that no run left, and touches none of them
 */
export async function prepareOut(folder: string): Promise<string> {
  const path = resolve(folder);
  const found = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new WrongUse(`--out ${shown(folder)} cannot be used as a folder: ${error.code}`);
  });
  if (found.length > 0 && !found.includes(markerName)) {
    throw new WrongUse(
      `--out ${shown(folder)} holds files that are not of an earlier run: choose another folder, or empty it`,
    );
  }
  // The marker goes last: a run that is interrupted here can be followed by another.
  for (const name of found.filter((name) => name !== markerName)) {
    await rm(join(path, name), { recursive: true, force: true });
  }
  await makeFolder(path).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`--out ${shown(folder)} cannot be made: ${error.code}`);
  });
  await writeFile(
    join(path, markerName),
    'Left by a local run of mosaic-siem-relay, which empties this folder.\n',
  );
  return path;
}

/**
 * Makes folders from the outermost on. Node's recursive form never ends where a parent takes no folder, such as
 * `/proc`.
 */
async function makeFolder(path: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent === undefined) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Writes a delivered object to `<folder>/<bucket>/<key>`.
 *
 * @returns the path of the file
 */
export async function keepObject(
  folder: string,
  object: { readonly bucket: string; readonly key: string; readonly body: Uint8Array },
): Promise<string> {
  const path = resolve(folder, object.bucket, object.key);
  if (!path.startsWith(folder + sep)) throw new Error(`the key ${object.key} does not stay inside a folder`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, object.body);
  return path;
}

/** Visits every line of a delivered object that was kept as a file. */
export async function eachLineOf(path: string, visit: (line: Buffer) => void): Promise<void> {
  for (const line of deliveredLines(await readFile(path))) visit(line);
}
