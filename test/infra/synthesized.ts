import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CollectorSettings, collectorEnvironment } from '../../functions/collector/contract.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import type { Stage, StageSettings } from '../../infra/config/settings.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { stageApp } from '../../infra/stage-app.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are looked at by path
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly DependsOn?: readonly string[];
}

/** A stage that is valid, with one stream unless told otherwise. */
export function stageSettings(changes: Partial<StageSettings> = {}): StageSettings {
  return {
    environment: 'sandbox',
    secret: 'relay/test',
    terminationProtection: false,
    streams: [{ id: 'one', type: 'cis' }],
    ...changes,
  };
}

export function streamSettings(changes: Partial<StreamSettings> = {}): StreamSettings {
  return { id: 'one', type: 'cis', ...changes };
}

export function stageOf(settings: StageSettings): Stage {
  const chosen = chooseStage({ test: settings }, 'test');
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return chosen.stage;
}

/** Leaves the functions unbundled, which takes most of a synth. */
export const unbundled = { 'aws:cdk:bundling-stacks': [] };

export function templateOf(stage: Stage): Template {
  return inFolder((outdir) => {
    const assembly = stageApp(stage, { context: unbundled, outdir }).synth();
    return assembly.stacks[0]?.template as Template;
  });
}

/** The stack's template and those of the stacks within it, by file. */
export function templatesOf(stage: Stage): ReadonlyMap<string, Template> {
  return inFolder((outdir) => {
    stageApp(stage, { context: unbundled, outdir }).synth();
    const files = readdirSync(outdir).filter((file) => file.endsWith('template.json'));
    return new Map(
      files.map((file) => [file, JSON.parse(readFileSync(join(outdir, file), 'utf8')) as Template]),
    );
  });
}

/** A folder for one assembly, gone afterwards. */
export function inFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'relay-assembly-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function resourcesOf(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/**
 * What each collector of a template is told, where everything that the deploy fills in is `filled-in`.
 *
 * @throws {z.core.$ZodError} where a collector would refuse it
 */
export function settingsIn(template: Template): readonly CollectorSettings[] {
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([, { Properties }]) => {
    const { SETTINGS: value } = Properties.Environment.Variables;
    if (value === undefined) return [];
    const parts: readonly unknown[] = typeof value === 'string' ? [value] : value['Fn::Join'][1];
    const SETTINGS = parts.map((part) => (typeof part === 'string' ? part : 'filled-in')).join('');
    collectorEnvironment.parse({ SETTINGS });
    return [JSON.parse(SETTINGS) as CollectorSettings];
  });
}
