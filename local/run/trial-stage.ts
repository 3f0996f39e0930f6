import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Hosts, readAssembly, type Template } from '@mosaic-relay/cdk-loopback';
import { WrongUse } from '../../cli/arguments/wrong-use.ts';
import type { ApiCommand } from './options.ts';
import type { RunContext } from './run-context.ts';
import { collectorsOf, type DeclaredCollector, mosaicOriginsOf } from './stack-template.ts';
import { synthesizeStage } from './synthesize-stage.ts';
import { trialStreamId } from './trial-streams.ts';
import { tryTemplate } from './try-template.ts';

/**
 * Synthesises the stage that a trial borrows, and changes its template to read the trial's streams.
 *
 * @param outdir an empty folder, which then holds the changed assembly
 * @throws {WrongUse} when the stage has no stream of a type
 */
export async function prepareTrialStage(
  command: ApiCommand,
  context: RunContext,
  outdir: string,
): Promise<TrialStage> {
  await synthesizeStage(context, { outdir, stage: command.stage, settings: command.settings });
  const { template, stackName, accountId } = readAssembly(outdir);
  const declared = collectorsOf(template);
  // A stage may have several streams of a type: one of them is enough to read events of it.
  const collectors = command.types.map((type) => {
    const collector = declared.find((one) => one.type === type);
    if (collector === undefined)
      throw new WrongUse(`--types: stage ${command.stage} has no ${type} stream to borrow`);
    return { ...collector, id: command.stream ?? trialStreamId() };
  });
  const trial = tryTemplate(template, { collectors, forMs: command.forMs });
  await writeFile(join(outdir, `${stackName}.template.json`), JSON.stringify(trial));
  const mosaics = mosaicOriginsOf(template).map((origin) => [origin, command.url] as const);
  return { collectors, mosaics: Object.fromEntries(mosaics), template: trial, accountId };
}

export interface TrialStage {
  /** With the ids of the trial's streams. */
  readonly collectors: readonly DeclaredCollector[];
  /** Every Mosaic of the stage is the one that was named. */
  readonly mosaics: Hosts;
  /** As it was changed. */
  readonly template: Template;
  readonly accountId: string;
}
