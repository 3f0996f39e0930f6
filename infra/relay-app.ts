import { App, type StageSynthesisOptions } from 'aws-cdk-lib';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { cdkProblem } from './cdk-range.ts';
import { adoptNamed } from './config/adopt.ts';
import { chooseStage } from './config/choose-stage.ts';
import { leaveUndelivered } from './config/leave-undelivered.ts';
import type { Stage, StageSettings } from './config/settings.ts';
import {
  readImportedSettings,
  readSettingsFileAtOnce,
  type SettingsProblem,
} from './config/settings-file.ts';
import { unnamedStage } from './config/which-stage.ts';
import { withWitnesses } from './config/witness.ts';
import type { RelayStack } from './relay-stack.ts';
import { synthesizeWithinLimits } from './stack-limits.ts';
import { addStage, appProps, type StageAppOptions } from './stage-app.ts';

/**
 * The app of one stage, for a program that `cdk` runs:
 *
 * ```ts
 * import { relayApp } from 'mosaic-siem-relay';
 * const app = await relayApp(import('./stages.ts'));
 * app.synth();
 * ```
 *
 * It takes the stages themselves, too: `relayApp(stages).synth()`. A file that does not parse ends the app before anything
 * of the relay runs then, with Node's own message and stack.
 *
 * `cdk -c stage=NAME` picks a stage. Without it, the app takes the `stage` in the context of `cdk.json`, else the only stage of the
 * settings, else `dev`, as every command of the relay does. `-c settings=FILE` takes the `stages` of another file.
 * `-c witness=recover` (or `detect`) gives a witness to each stream that has none, to try witnesses out.
 * `-c adopt=NAME` takes over the named streams, separated by commas, if Mosaic has them already.
 * `-c undelivered=leave` lets a deploy leave undelivered batches behind, which is refused otherwise.
 *
 * Wrong settings end the process, with a line on stderr for each problem: with exit code 1, or 2 where the file cannot be
 * read, or the CDK is not one that this release works with.
 */
export function relayApp(stages: Stages, options?: RelayAppOptions): RelayApp;
export function relayApp(
  imported: Promise<{ readonly stages: Stages }>,
  options?: RelayAppOptions,
): Promise<RelayApp>;
export function relayApp(
  settings: Stages | Promise<object>,
  options: RelayAppOptions = {},
): RelayApp | Promise<RelayApp> {
  const problem = cdkProblem();
  if (problem !== undefined) end(2, [problem]);
  if (settings instanceof Promise)
    return readImportedSettings(settings).then((written) => new RelayApp(written, options));
  return new RelayApp({ stages: settings }, options);
}

/** Settings by the name of their stage. */
export type Stages = Readonly<Record<string, StageSettings>>;

export type RelayAppOptions = StageAppOptions;

/** An app of one stage. What a stage needs beside the relay can be added to its `stack`. */
export class RelayApp extends App {
  /** The relay's stack. */
  readonly stack: RelayStack;
  private readonly relayed: Stage;

  constructor(settings: AppSettings, options: RelayAppOptions = {}) {
    super(appProps(options));
    this.relayed = this.chosen(settings);
    this.stack = addStage(this, this.relayed);
  }

  /** Synthesises within the limits of the services that a deploy would meet. A passed limit ends the process with 1. */
  override synth(options?: StageSynthesisOptions): CloudAssembly {
    let assembly: CloudAssembly | undefined;
    const problems = synthesizeWithinLimits(this, this.relayed, () => {
      assembly = super.synth(options);
    });
    return assembly !== undefined && problems.length === 0 ? assembly : end(1, problems);
  }

  private chosen(settings: AppSettings): Stage {
    const asked = this.node.tryGetContext('settings');
    const written = asked === undefined ? settings : readSettingsFileAtOnce({ asked: String(asked) });
    if ('problem' in written) end(2, [written.problem]);
    const { shown } = { shown: undefined, ...written };
    const chosen = adoptNamed(
      chooseStage(
        withWitnesses(written.stages, this.node.tryGetContext('witness')),
        this.node.tryGetContext('stage') ?? unnamedStage(written.stages),
        shown,
      ),
      this.node.tryGetContext('adopt'),
    );
    const deployed = leaveUndelivered(chosen, this.node.tryGetContext('undelivered'));
    return 'problems' in deployed ? end(1, deployed.problems) : deployed.stage;
  }
}

/** The stages of an app, or the reason why they cannot be read. */
type AppSettings = { readonly stages: Stages } | SettingsProblem;

/** Whoever runs an app is an operator, who needs the lines and no stack. */
function end(exitCode: number, lines: readonly string[]): never {
  console.error(lines.join('\n'));
  process.exit(exitCode);
}
