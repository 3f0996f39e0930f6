import { dirname } from 'node:path';
import { ownReceivers, type Receive } from '../../infra/config/own-receivers.ts';
import {
  nearestCdkJson,
  readSettingsFile,
  type SettingsProblem,
  type WrittenSettings,
} from '../../infra/config/settings-file.ts';
import { WrongUse } from '../arguments/wrong-use.ts';

/** The flag of every program that reads the settings. */
export const settingsFlag = {
  value: 'FILE',
  text: "the settings; the stages.ts of the nearest cdk.json's app by default",
} as const;

/**
 * Finds and reads the settings.
 *
 * @throws {WrongUse} with file, line and the compiler's word where they cannot be read
 */
export async function readSettings(asked: string | undefined): Promise<WrittenSettings> {
  return settled(await readSettingsFile(asked === undefined ? {} : { asked }));
}

/**
 * Finds the folder of the operator's app: that of the nearest `cdk.json`.
 *
 * @throws {WrongUse} where there is none
 */
export function appFolder(): string {
  const cdkJson = nearestCdkJson();
  if (cdkJson === undefined) throw new WrongUse(`there is no cdk.json in ${process.cwd()} or above it`);
  return dirname(cdkJson);
}

/** The judge that the settings define for a kind of their own. Known once the settings were read. */
export function ownReceiverOf(kind: string): Receive | undefined {
  return ownReceivers.get(kind);
}

function settled<Found extends object>(found: Found | SettingsProblem): Found {
  if ('problem' in found) throw new WrongUse(found.problem);
  return found;
}
