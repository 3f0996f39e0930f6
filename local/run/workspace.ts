import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of one run's own, outside the project; removed with everything in them. */
export async function createWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'mosaic-siem-relay-'));
  const [assemblyDir, workDir] = [join(folder, 'assembly'), join(folder, 'work')];
  await mkdir(assemblyDir);
  await mkdir(workDir);
  return {
    assemblyDir,
    workDir,
    addFolder: async (name) => {
      const added = join(folder, name);
      await mkdir(added);
      return added;
    },
    // A process that was just killed may still be writing.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }),
  };
}

export interface Workspace {
  readonly assemblyDir: string;
  readonly workDir: string;
  /** Makes another folder. @returns its path */
  addFolder(name: string): Promise<string>;
  remove(): Promise<void>;
}
