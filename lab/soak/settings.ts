import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventType } from '../../functions/collector/contract.ts';

/** Writes settings with a stage `dev` of one stream a type, as a module for the synth. */
export async function writeSoakSettings(
  types: readonly EventType[],
  stream: SoakStream = {},
): Promise<SoakSettings> {
  const { everyMinutes = 5, destinations = 1, quotaMiBPerSecond = soakQuotaMiB } = stream;
  const folder = await mkdtemp(join(tmpdir(), 'relay-soak-'));
  const path = join(folder, 'stages.mjs');
  const stage = {
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    keepData: false,
    terminationProtection: false,
    streams: types.map((type) => ({
      name: type,
      id: `relay-${type}`,
      type,
      every: everyMinutes === 1 ? '1 minute' : `${everyMinutes} minutes`,
      destinations: Array.from({ length: destinations }, (_, index) => ({
        kind: 's3',
        // A load is given in MiB of lines, and held against the quota.
        compressRecords: false,
        ...(destinations > 1 && { name: `s3-${index + 1}` }),
        quotaMiBPerSecond,
      })),
    })),
  };
  await writeFile(path, `export const stages = ${JSON.stringify({ dev: stage })};\n`);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * A stream of the soak; by default collected every 5 minutes, with one S3 destination at the quota of a large
 * region.
 */
export interface SoakStream {
  readonly everyMinutes?: number;
  readonly destinations?: number;
  readonly quotaMiBPerSecond?: number;
}

/** The default quota of a delivery stream in a large region. */
const soakQuotaMiB = 5;

export interface SoakSettings {
  readonly path: string;
  remove(): Promise<void>;
}
