import { adoptNamed } from './config/adopt.ts';
import { chooseStage } from './config/choose-stage.ts';
import { withWitnesses } from './config/witness.ts';
import { relayApp } from './relay-app.ts';
import { synthesizeWithinLimits } from './stack-limits.ts';

/**
 * The app that `cdk` runs. `-c stage=NAME` picks a stage; without it, `dev`. `-c witness=recover` (or `detect`)
 * gives a witness to each stream that has none, to try witnesses out. `-c adopt=NAME` takes over the named
 * streams, separated by commas, if Mosaic has them already. `-c settings=FILE` reads another module's `stages`.
 */
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Readonly<Record<string, unknown>>;
const { stages } = (await import(String(context.settings ?? './config/stages.ts'))) as {
  readonly stages: object;
};
const chosen = adoptNamed(
  chooseStage(withWitnesses(stages, context.witness), context.stage ?? 'dev'),
  context.adopt,
);
if ('problems' in chosen) {
  tell(chosen.problems);
} else {
  tell(synthesizeWithinLimits(relayApp(chosen.stage), chosen.stage));
}

function tell(problems: readonly string[]): void {
  if (problems.length === 0) return;
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
