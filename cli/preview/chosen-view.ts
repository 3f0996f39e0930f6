import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type CompiledView, viewLabel } from '../../functions/stored/compiled-view.ts';
import { keptViewKey, readKeptView } from '../../functions/stored/kept-view.ts';
import { lineViewOf } from '../../infra/config/line-views.ts';
import { noProblems } from '../../infra/config/problems.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import { readViews } from '../../infra/config/read-views.ts';
import { findSettingsFile } from '../../infra/config/settings-file.ts';
import { whyUnreadable } from '../../infra/config/unreadable-module.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { CommandError } from '../command.ts';

/** A view to be previewed. */
export interface ChosenView {
  readonly view: CompiledView;
  readonly label: string;
  /** Where it is from, for people. */
  readonly from: string;
}

/** The view that a destination has today, as its collector keeps it in the bucket. @throws {CommandError} where there is none */
export async function viewOfToday(
  relay: DeployedRelay,
  stream: DeployedStream,
  { name, view: label }: DeployedDestination,
): Promise<ChosenView> {
  if (label === undefined)
    throw new CommandError(`destination ${name} of ${stream.label} has no view; give one with --view FILE`);
  const kept = await createBucket(relay.clients.s3, relay.bucket).find(keptViewKey(stream.name, label));
  if (kept === undefined)
    throw new CommandError(
      `the view ${label} of destination ${name} is kept in the bucket only after its first delivery; give it with --view FILE`,
    );
  return { view: readKeptView(kept.body), label, from: 'of today' };
}

/**
 * Reads a view out of a file: one view as the settings write it, in JSON or as `view` or default export of a module; or
 * settings, of which the view counts that they give the destination.
 *
 * @throws {CommandError} with every problem that the synth would tell of it
 */
export async function viewInFile(
  file: string,
  { stage, stream, destination }: PreviewedDestination,
): Promise<ChosenView> {
  const found = findSettingsFile({ asked: file });
  if ('problem' in found) throw new CommandError(found.problem.replace('settings file', 'file'));
  const written = await contentsOf(found.file);
  const shown = basename(found.file);
  if (isObject(written) && isObject(written.stages))
    return viewInSettings(written.stages, shown, { stage, stream, destination });
  // The label of a shape alone is named for the shape, which is no name of a view.
  const name = /^([a-z0-9-]+)@/.exec(destination.view ?? '')?.[1] ?? 'preview';
  const problems = noProblems();
  const views = readViews({ [name]: writtenView(written) }, { path: shown, problems });
  const view = views[name];
  if (view === undefined || problems.lines.length > 0) throw new CommandError(problems.lines.join('; '));
  return { view: view.compiled, label: viewLabel(name, view.compiled), from: `of ${shown}` };
}

export interface PreviewedDestination {
  readonly stage: string;
  readonly stream: Pick<DeployedStream, 'name' | 'label'>;
  readonly destination: Pick<DeployedDestination, 'name' | 'view'>;
}

function viewInSettings(
  stages: Readonly<Record<string, unknown>>,
  shown: string,
  { stage, stream, destination }: PreviewedDestination,
): ChosenView {
  const written = stages[stage];
  if (written === undefined) throw new CommandError(`${shown} has no stage ${stage}`);
  const read = readStages({ [stage]: written });
  if ('problems' in read) throw new CommandError(read.problems.join('; '));
  const [settings] = read.stages;
  const of = settings?.streams.find(({ name }) => name === stream.name || name === stream.label);
  const to = of?.destinations.find(({ name }) => name === destination.name);
  const view = to && settings && of && lineViewOf(to, { type: of.type, views: settings.views });
  if (view === undefined)
    throw new CommandError(`${shown} gives destination ${destination.name} of ${stream.label} no view`);
  return { view: view.compiled, label: view.label, from: `of ${shown}` };
}

async function contentsOf(file: string): Promise<unknown> {
  try {
    return file.endsWith('.json')
      ? JSON.parse(readFileSync(file, 'utf8'))
      : await import(pathToFileURL(file).href);
  } catch (error) {
    const { line, word } = whyUnreadable(error, file);
    throw new CommandError(`${basename(file)}${line === undefined ? '' : `:${line}`}: ${word}`);
  }
}

/** Of a module its `view` or its default export, else what was read. */
function writtenView(written: unknown): unknown {
  if (!isObject(written)) return written;
  if (Object.prototype.toString.call(written) !== '[object Module]') return written;
  return written.view ?? written.default ?? {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
