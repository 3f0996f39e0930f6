import type { Answers } from './answers.ts';
import { companions } from './companions.ts';
import { firstDestinations, firstStage } from './first-stage.ts';
import { readmeText } from './readme-text.ts';
import { Name, settingsText } from './settings-text.ts';

/** The name of a new project, and the specifier by which its package.json names the relay. */
export interface Project {
  /** A name that npm takes. */
  readonly name: string;
  /** A version, or a specifier such as `file:../mosaic-siem-relay-1.0.0.tgz`. */
  readonly relay: string;
}

/** The files of a new project by their paths from its folder, each with its text. */
export function projectFiles(answers: Answers, project: Project): Readonly<Record<string, string>> {
  return {
    'package.json': json(packageJson(project)),
    'tsconfig.json': json(tsconfig),
    'cdk.json': json(cdkJson(answers.stage)),
    'app.ts': app,
    'stages.ts': settings(answers),
    // The folders `mosaic-*/` of `relay content SIEM` are made anew from the settings.
    '.gitignore': [
      'node_modules/',
      'cdk.out/',
      'out/',
      'mosaic-*/',
      '*secret*.json',
      'mosaic.json',
      'splunk.json',
      '',
    ].join('\n'),
    'README.md': readmeText(answers, project.name),
  };
}

function packageJson({ name, relay }: Project) {
  return {
    name,
    version: '0.0.0',
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts: { start: 'relay start', test: 'tsc --noEmit' },
    // An optional native part of the local run's table, which works without it.
    allowScripts: { 'classic-level': false },
    dependencies: { ...companions.dependencies, 'mosaic-siem-relay': relay },
    devDependencies: companions.devDependencies,
  };
}

/** Settings under which Node runs the project's TypeScript without a build. */
const tsconfig = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    types: [],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

function cdkJson(stage: string) {
  return {
    app: 'node app.ts',
    versionReporting: false,
    notices: false,
    context: { stage, 'cli-telemetry': false },
  };
}

const app = `import { relayApp } from 'mosaic-siem-relay';
const app = await relayApp(import('./stages.ts'));
app.synth();
`;

/** One stream names its destinations itself. Several share one list, so that a value is given once. */
function settings(answers: Answers): string {
  const stage = firstStage(answers);
  const destinations = firstDestinations(answers);
  if (stage.streams.length === 1) {
    const streams = stage.streams.map((stream) => ({ ...stream, destinations }));
    return `import { defineStages } from 'mosaic-siem-relay';

${definition({ [answers.stage]: { ...stage, streams } })}`;
  }
  const streams = stage.streams.map((stream) => ({ ...stream, destinations: new Name('destinations') }));
  return `import { type DestinationSettings, defineStages } from 'mosaic-siem-relay';

/** Each destination gets every event of every stream. */
const destinations: readonly DestinationSettings[] = ${settingsText(destinations, 'destinations')};

${definition({ [answers.stage]: { ...stage, streams } })}`;
}

function definition(stages: object): string {
  return `/** The stages of this relay, side by side. Hover over a setting for what it means, its range and its default. */
export const stages = defineStages(${settingsText(stages, 'stages')});
`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
