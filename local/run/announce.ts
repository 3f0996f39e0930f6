import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDeploymentFile } from '../../cli/access/local-deployment.ts';
import type { World } from '../world.ts';
import { describeWorld } from './deployed-relay.ts';

/**
 * Announces a run to the operator's commands (`--local`) in a file that is written anew every second and removed
 * when the run ends.
 *
 * @param out the folder of delivered objects
 */
export async function announce(world: World, options: { readonly stage: string; readonly out: string }) {
  const path = join(options.out, localDeploymentFile);
  const credentials = world.operatorCredentials();
  let writing = Promise.resolve();
  const write = (): void => {
    writing = writing.then(() =>
      replaceFile(path, JSON.stringify(describeWorld(world, options.stage, credentials), undefined, 2)),
    );
  };
  write();
  await writing;
  const again = setInterval(write, 1_000);
  return {
    async end(): Promise<void> {
      clearInterval(again);
      await writing;
      await rm(path, { force: true });
    },
  };
}

/** Replaces a file in one step, so that no reader sees half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
