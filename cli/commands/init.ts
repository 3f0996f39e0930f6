import { basename, resolve } from 'node:path';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand } from '../command.ts';
import { answerFlags } from '../init/answers.ts';
import { clientOf, packageManagerLine } from '../init/package-manager.ts';
import { projectFiles } from '../init/project-files.ts';
import { settleAnswers } from '../init/questions.ts';
import { relaySource } from '../init/relay-source.ts';
import { refuseTaken, writeProject } from '../init/write-project.ts';

const flags = {
  ...answerFlags,
  package: {
    value: 'SPEC',
    text: 'what package.json takes the relay from, such as a tarball; by default the tarball that this program came from, else its version in the registry',
  },
  yes: { text: 'ask nothing: what no flag says is the default' },
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay init',
  synopsis: ['[FOLDER] [options]'],
  about: `Writes the folder of a relay: package.json, tsconfig.json, cdk.json, app.ts, the settings (stages.ts), .gitignore and
a README.md with the next steps and the values that are missing. On a terminal it asks for what no flag says. The
command overwrites nothing, and writes all files or none.`,
  operand: {
    name: 'FOLDER',
    default: '.',
    text: 'the folder to write, which must be new or empty; the working folder by default',
  },
  flags,
  exitCodes: '0 written, 2 wrong use, or a folder that is not empty or cannot be written',
  examples: [
    'relay init siem',
    'relay init siem --yes',
    'relay init siem --stage prod --region eu-west-1 --types cis,admin --every 5m --to splunk,s3 --environment eu',
  ],
  details: `Examples stand in the place of values that only you know: with them the folder can be synthesised and run on
this machine, and a deploy refuses them. Neither the CDK nor an account is needed for this command.`,

  async run(given, terminal, operand) {
    const folder = resolve(operand);
    await refuseTaken(folder, operand);
    const { npm_config_user_agent: agent } = process.env;
    const { specifier, line: aboutSource } = relaySource(given.package, folder);
    const aboutManager = packageManagerLine(agent);
    if (aboutManager !== undefined) terminal.problem(aboutManager);
    const answers = await settleAnswers(given, given.yes, terminal);
    const project = { name: packageName(folder), relay: specifier };
    await writeProject(folder, operand, projectFiles(answers, project));
    if (aboutSource !== undefined) terminal.problem(aboutSource);
    terminal.out(written(operand, folder, clientOf(agent)));
    return 0;
  },
});

/** The folder's name, as far as npm takes it for a package's. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' || name === 'mosaic-siem-relay' ? 'siem' : name;
}

function written(shown: string, folder: string, client: string): string {
  const steps = [
    ...(folder === process.cwd() ? [] : [`cd ${shown}`]),
    `${client} install`,
    `${client} start`,
  ];
  return [`Wrote ${shown}. Next:`, ...steps.map((step) => `  ${step}`), 'README.md has the rest.'].join('\n');
}
