import { chooseStage } from './config/choose-stage.ts';
import { stages } from './config/stages.ts';
import { relayApp } from './relay-app.ts';

/** What `cdk` runs. `-c stage=NAME` picks a stage; without it, `dev`. */
const context = JSON.parse(process.env.CDK_CONTEXT_JSON ?? '{}') as Readonly<Record<string, unknown>>;
const chosen = chooseStage(stages, context.stage ?? 'dev');
if ('problems' in chosen) {
  console.error(chosen.problems.join('\n'));
  process.exitCode = 1;
} else {
  relayApp(chosen.stage).synth();
}
