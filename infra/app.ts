import { adoptNamed } from './config/adopt.ts';
import { chooseStage } from './config/choose-stage.ts';
import { readSettingsFile, type WrittenSettings } from './config/settings-file.ts';
import { withWitnesses } from './config/witness.ts';

/**
 * The app that `cdk` runs. `-c stage=NAME` picks a stage; without it, `dev`. `-c witness=recover` (or `detect`)
 * gives a witness to each stream that has none, to try witnesses out. `-c adopt=NAME` takes over the named
 * streams, separated by commas, if Mosaic has them already. `-c settings=FILE` reads another file of settings; without
 * it, `readSettingsFile` finds the file. Settings that cannot be read end the app with exit code 2, on one line.
 */
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Readonly<Record<string, unknown>>;
const settings = await readSettingsFile(
  context.settings === undefined ? {} : { asked: String(context.settings) },
);
if ('problem' in settings) {
  console.error(settings.problem);
  process.exitCode = 2;
} else {
  tell(await synthesize(settings));
}

async function synthesize({ stages, shown }: WrittenSettings): Promise<readonly string[]> {
  const chosen = adoptNamed(
    chooseStage(withWitnesses(stages, context.witness), context.stage ?? 'dev', shown),
    context.adopt,
  );
  if ('problems' in chosen) return chosen.problems;
  // Loaded only where the settings are right: the CDK takes a second.
  const { relayApp } = await import('./relay-app.ts');
  const { synthesizeWithinLimits } = await import('./stack-limits.ts');
  return synthesizeWithinLimits(relayApp(chosen.stage), chosen.stage);
}

function tell(problems: readonly string[]): void {
  if (problems.length === 0) return;
  console.error(problems.join('\n'));
  process.exitCode = 1;
}
