import { dirname } from 'node:path';
import { ownReceivers, type Receive } from '../../infra/config/own-receivers.ts';
import {
  nearestCdkJson,
  readSettingsFile,
  type SettingsProblem,
  stageInContext,
  type WrittenSettings,
} from '../../infra/config/settings-file.ts';
import { noSuchStage, unnamedStage } from '../../infra/config/which-stage.ts';
import { matching } from '../arguments/forms.ts';
import { WrongUse } from '../arguments/wrong-use.ts';

/** The flag of every program that reads the settings. */
export const settingsFlag = {
  value: 'FILE',
  text: "the settings; the stages.ts of the nearest cdk.json's app by default",
} as const;

/** The flag that names a stage. */
export const stageFlag = {
  value: 'NAME',
  form: matching(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, 'letters, digits and dashes'),
  text: "the stage, by its name in the settings; by default the one that the context of the nearest cdk.json names, else the settings' only one, else dev",
} as const;

/** The stage that a program works on, by the rule that `stageFlag` tells. It need not be in the settings. */
export async function stageAsked({
  stage,
  settings,
}: {
  readonly stage?: string | undefined;
  readonly settings?: string | undefined;
}): Promise<string> {
  const named = stage ?? stageInContext();
  if (named !== undefined) return named;
  const read = await readSettingsFile(settings === undefined ? {} : { asked: settings });
  // Settings that cannot be read are told by whoever needs more of them than a name.
  return unnamedStage('problem' in read ? undefined : read.stages);
}

/**
 * Finds the settings that have a stage, and reads them.
 *
 * @throws {WrongUse} where they cannot be read, or do not have the stage
 */
export async function readSettingsOf(stage: string, settings: string | undefined): Promise<WrittenSettings> {
  const read = await readSettings(settings);
  if (Object.hasOwn(read.stages, stage)) return read;
  throw new WrongUse(`--stage: ${noSuchStage(stage, read.stages, read.shown)}`);
}

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
