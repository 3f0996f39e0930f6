import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventType } from '../../functions/collector/contract.ts';

/** A stage `dev` with one stream a type, each to S3, as a module that a synth can be given. */
export async function writeSoakSettings(types: readonly EventType[]): Promise<SoakSettings> {
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
      every: '5 minutes',
      destinations: [{ kind: 's3', quotaMiBPerSecond: soakQuotaMiB }],
    })),
  };
  await writeFile(path, `export const stages = ${JSON.stringify({ dev: stage })};\n`);
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What a delivery stream of a large region takes by default. */
const soakQuotaMiB = 5;

export interface SoakSettings {
  readonly path: string;
  remove(): Promise<void>;
}
