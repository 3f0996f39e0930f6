import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StageSettings } from './settings.ts';
import { whyUnreadable } from './unreadable-module.ts';

/**
 * Finds the file of settings, by one rule for every program: the file that was asked for, or else what the nearest
 * `cdk.json` at or above the working folder leads to, or else the `cdk.json` of this project. A `cdk.json` leads to the
 * `settings` of its context, or else to `stages.ts` in the folder of its app or in the folder `config` there.
 */
export function findSettingsFile({
  asked,
  workingFolder = process.cwd(),
}: AskedSettings): { readonly file: string } | SettingsProblem {
  if (asked !== undefined) return existing(resolved(asked, workingFolder), workingFolder);
  const cdkJson = nearestCdkJson(workingFolder);
  return cdkJson === undefined
    ? { problem: `there is no cdk.json in ${workingFolder} or above it; ${giveFile}` }
    : byCdkJson(cdkJson, workingFolder);
}

/** The nearest `cdk.json` at or above the working folder, or else that of this project; undefined if there is none. */
export function nearestCdkJson(workingFolder = process.cwd()): string | undefined {
  return nearest('cdk.json', workingFolder) ?? nearest('cdk.json', import.meta.dirname);
}

/** The `stage` in the context of the nearest `cdk.json`, which `cdk` tells the app; undefined where it has none. */
export function stageInContext(workingFolder = process.cwd()): string | undefined {
  const cdkJson = nearestCdkJson(workingFolder);
  const read = cdkJson === undefined ? {} : readCdkJson(cdkJson, workingFolder);
  const stage = 'problem' in read ? undefined : read.context?.stage;
  return typeof stage === 'string' && stage !== '' ? stage : undefined;
}

/** Finds the file of settings, and reads its `stages`, which nobody has checked yet. A problem is one line. */
export async function readSettingsFile(asked: AskedSettings): Promise<WrittenSettings | SettingsProblem> {
  const found = findSettingsFile(asked);
  if ('problem' in found) return found;
  try {
    return stagesOf(await import(pathToFileURL(found.file).href), found.file, asked);
  } catch (error) {
    return unreadable(error, found.file, asked);
  }
}

/**
 * The same without waiting, for an app, which has no time to wait. The file may be a module, or JSON of what a module
 * would export.
 */
export function readSettingsFileAtOnce(asked: AskedSettings): WrittenSettings | SettingsProblem {
  const found = findSettingsFile(asked);
  if ('problem' in found) return found;
  try {
    return stagesOf(createRequire(import.meta.url)(found.file), found.file, asked);
  } catch (error) {
    return unreadable(error, found.file, asked);
  }
}

/** The stages of the module that an app imports. The file of a failure that names none is the working folder's. */
export async function readImportedSettings(
  module: Promise<object>,
): Promise<Pick<WrittenSettings, 'stages'> | SettingsProblem> {
  const found = findSettingsFile({});
  const file = 'file' in found ? found.file : resolve('stages.ts');
  try {
    const read = stagesOf(await module, file, {});
    return 'problem' in read ? read : { stages: read.stages };
  } catch (error) {
    return unreadable(error, file, {});
  }
}

function stagesOf(
  { stages: exported, writtenIn }: { readonly stages?: unknown; readonly writtenIn?: unknown },
  file: string,
  { workingFolder = process.cwd() }: AskedSettings,
): WrittenSettings | SettingsProblem {
  const stages = gotten(exported);
  if (typeof stages !== 'object' || stages === null || Array.isArray(stages)) {
    const shown = shownPath(file, workingFolder);
    return { problem: `${shown}: exports no stages; it needs: export const stages = { … }` };
  }
  const shown = shownPath(typeof writtenIn === 'string' ? writtenIn : file, workingFolder);
  return { file, shown, stages: stages as WrittenSettings['stages'] };
}

/**
 * The same settings, of values alone. A getter runs here, once, so that one that throws is told with its file and line, as
 * whatever else of the module throws.
 */
function gotten(written: unknown, above: readonly unknown[] = []): unknown {
  if (typeof written !== 'object' || written === null || above.includes(written)) return written;
  const within = [...above, written];
  if (Array.isArray(written)) return written.map((each) => gotten(each, within));
  const prototype = Object.getPrototypeOf(written);
  if (prototype !== Object.prototype && prototype !== null) return written;
  return Object.fromEntries(Object.entries(written).map(([name, value]) => [name, gotten(value, within)]));
}

function unreadable(
  error: unknown,
  module: string,
  { workingFolder = process.cwd() }: AskedSettings,
): SettingsProblem {
  const { file, line, word } = whyUnreadable(error, module);
  return {
    problem: `${shownPath(file, workingFolder)}${line === undefined ? '' : `:${line}`}: ${word}`,
  };
}

export interface AskedSettings {
  /** The value of `--settings`, or of `-c settings=`: a path from the working folder. Absent for the nearest file. */
  readonly asked?: string;
  /** Default: that of this process. */
  readonly workingFolder?: string;
}

export interface WrittenSettings {
  /** Absolute path. */
  readonly file: string;
  /** The file as messages name it. A module that varies another file's stages names that file as its `writtenIn`. */
  readonly shown: string;
  readonly stages: Readonly<Record<string, StageSettings>>;
}

/** One line for an operator, who can put it right: a program ends with exit code 2 then. */
export interface SettingsProblem {
  readonly problem: string;
}

const giveFile = 'name the settings with --settings FILE, or with -c settings=FILE for cdk';

function resolved(path: string, folder: string): string {
  return path.startsWith('file:') ? fileURLToPath(path) : resolve(folder, path);
}

function existing(file: string, folder: string): { readonly file: string } | SettingsProblem {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat?.isFile()) return { file };
  const shown = shownPath(file, folder);
  return { problem: stat === undefined ? `there is no settings file ${shown}` : `${shown} is not a file` };
}

/** The file of that name in the folder, or in the nearest folder above that has one. */
function nearest(name: string, folder: string): string | undefined {
  const file = join(folder, name);
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : nearest(name, above);
}

function byCdkJson(cdkJson: string, workingFolder: string): { readonly file: string } | SettingsProblem {
  const folder = dirname(cdkJson);
  const written = readCdkJson(cdkJson, workingFolder);
  if ('problem' in written) return written;
  const { settings } = written.context ?? {};
  if (typeof settings === 'string') return existing(resolved(settings, folder), workingFolder);
  const appFolder = join(folder, dirname(appFile(String(written.app ?? ''))));
  const places = [join(appFolder, 'stages.ts'), join(appFolder, 'config', 'stages.ts')];
  const file = places.find((place) => existsSync(place));
  if (file !== undefined) return { file };
  const looked = places.map((place) => shownPath(place, workingFolder)).join(' nor ');
  return {
    problem: `there is neither ${looked}, where ${shownPath(cdkJson, workingFolder)} leads; ${giveFile}`,
  };
}

interface CdkJson {
  readonly app?: unknown;
  readonly context?: { readonly settings?: unknown; readonly stage?: unknown };
}

function readCdkJson(cdkJson: string, workingFolder: string): CdkJson | SettingsProblem {
  try {
    return Object(JSON.parse(readFileSync(cdkJson, 'utf8')));
  } catch (error) {
    const word = (error as Error).message.split('\n')[0];
    return { problem: `${shownPath(cdkJson, workingFolder)}: ${word}; put that right, or ${giveFile}` };
  }
}

/** The app's own file in a command such as `node infra/app.ts` or `npx tsx app.ts`. */
function appFile(command: string): string {
  return command.split(/\s+/).findLast((word) => /\.[cm]?[jt]s$/.test(word)) ?? '';
}

/** A path as a person in the folder would write it. */
function shownPath(file: string, folder: string): string {
  const below = relative(folder, file);
  return below.startsWith('..') || isAbsolute(below) ? file : below;
}
