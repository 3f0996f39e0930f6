import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../command.ts';
import type { FoundFunction, FoundStack } from './assemble-relay.ts';
import type { Connection, ScheduleAddress } from './deployed-relay.ts';

/**
 * The description of a running local run. `npm start -- --serve` writes it as JSON into its `--out` folder every
 * second, and removes it at its end. All addresses and credentials are those of simulated services on this machine.
 */
export interface LocalDeployment {
  /** Of this file's shape. */
  readonly version: 1;
  readonly pid: number;
  readonly stage: string;
  readonly stackName: string;
  readonly account: string;
  /** Of the gateway, with an operator's credentials that are allowed everything. */
  readonly connection: Required<Connection>;
  readonly table: string;
  readonly bucket: string;
  /** The stack's output. */
  readonly costAtRest?: string;
  /** With the addresses of simulated services in place of the template's. */
  readonly functions: readonly FoundFunction[];
  readonly schedules: readonly ScheduleAddress[];
  /** The run's clock when it was written, in milliseconds since the epoch. */
  readonly now: number;
}

export const localDeploymentFile = '.relay-local.json';

/**
 * Finds the local run.
 *
 * @param out the run's `--out` folder
 * @throws {CommandError} when there is none that is alive, or it runs another stage
 */
export async function stackOnThisMachine(stage: string, out: string): Promise<FoundStack> {
  const path = join(out, localDeploymentFile);
  const local = await read(path);
  if (local === undefined) {
    throw new CommandError(
      `looked for a local run in ${path}: there is none; start one: npm start -- --serve`,
    );
  }
  if (local.version !== 1) throw new CommandError(`${path} is of another version; start the local run again`);
  if (!isAlive(local.pid)) {
    throw new CommandError(`looked for a local run in ${path}: it is over; start one: npm start -- --serve`);
  }
  if (local.stage !== stage) {
    throw new CommandError(`the local run of ${path} is of stage ${local.stage}; say --stage ${local.stage}`);
  }
  return foundIn(local, () => local.now);
}

/** @param now the run's clock, where the caller has it */
export function foundIn({ pid, version, now: _, ...found }: LocalDeployment, now: () => number): FoundStack {
  return { ...found, place: `the local run of stage ${found.stage}`, now };
}

async function read(path: string): Promise<LocalDeployment | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LocalDeployment;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CommandError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
