import {
  findSettingsFile,
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
 * Finds the file of settings without reading it: an absolute path.
 *
 * @throws {WrongUse} where there is no such file
 */
export function settingsFile(asked: string | undefined): string {
  return settled(findSettingsFile(asked === undefined ? {} : { asked })).file;
}

/**
 * Finds and reads the settings.
 *
 * @throws {WrongUse} with file, line and the compiler's word where they cannot be read
 */
export async function readSettings(asked: string | undefined): Promise<WrittenSettings> {
  return settled(await readSettingsFile(asked === undefined ? {} : { asked }));
}

function settled<Found extends object>(found: Found | SettingsProblem): Found {
  if ('problem' in found) throw new WrongUse(found.problem);
  return found;
}
