import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandError } from '../command.ts';

/**
 * Refuses a folder that holds anything, but for the `.git` of a repository that was just made.
 *
 * @param folder absolute path, which need not exist
 * @param shown the folder as the operator named it
 */
export async function refuseTaken(folder: string, shown: string): Promise<void> {
  const found = await stat(folder).catch(absent);
  if (found === undefined) return;
  if (!found.isDirectory()) throw new CommandError(`${shown} is a file; name a new folder`);
  const [first, ...others] = (await readdir(folder)).filter((name) => name !== '.git').toSorted();
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new CommandError(
    `${shown} is not empty (${first}${more}); name a new folder: nothing is overwritten`,
  );
}

/**
 * Writes all files, with the folders of their paths, or none: into a temporary folder beside the new one, which is then given its name. An empty folder that is
 * there gets the files one by one, and loses them again if one fails.
 *
 * @throws {CommandError} where the file system refuses
 */
export async function writeProject(
  folder: string,
  shown: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const isThere = (await stat(folder).catch(absent)) !== undefined;
  let made: string | undefined;
  let draft: string | undefined;
  try {
    if (!isThere) made = await mkdir(dirname(folder), { recursive: true });
    draft = join(isThere ? folder : dirname(folder), `.relay-init-${randomBytes(4).toString('hex')}`);
    await mkdir(draft);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(draft, path)), { recursive: true });
      await writeFile(join(draft, path), text, { flag: 'wx' });
    }
    if (isThere) await moveFiles(draft, folder, topNames(Object.keys(files)));
    else await rename(draft, folder);
  } catch (error) {
    for (const path of [draft, made])
      if (path !== undefined) await rm(path, { recursive: true, force: true });
    throw new CommandError(`${shown} cannot be written: ${(error as Error).message}; nothing was left there`);
  }
}

/** The files and folders at the top. */
function topNames(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.split('/')[0]!))];
}

async function moveFiles(draft: string, folder: string, paths: readonly string[]): Promise<void> {
  const moved: string[] = [];
  try {
    for (const path of paths) {
      await rename(join(draft, path), join(folder, path));
      moved.push(path);
    }
    await rm(draft, { recursive: true });
  } catch (error) {
    for (const path of moved) await rm(join(folder, path), { recursive: true, force: true });
    throw error;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw new CommandError(error.message);
}
