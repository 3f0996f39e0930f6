import { stackNameOf } from '../../infra/config/names.ts';
import { regionInSettings, relayFlags, withRegion } from '../access/open-relay.ts';
import { settingsFlag, stageAsked } from '../access/settings-file.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { defineCommand } from '../command.ts';
import type { Change } from '../explain/change.ts';
import { compareTemplates } from '../explain/compare-templates.ts';
import { explain, type Finding, worstFirst } from '../explain/explain.ts';
import { refusalsOf } from '../explain/refusals.ts';
import { findingsText } from '../explain/show-findings.ts';
import { readTemplateFile } from '../explain/template-file.ts';
import { painter } from '../text.ts';

const { stage, region } = relayFlags;

const flags = {
  template: {
    value: 'FILE',
    text: 'the template to deploy; cdk.out/mosaic-relay-STAGE.template.json, as cdk synth and cdk diff write it, by default',
  },
  against: {
    value: 'FILE',
    text: 'a template in place of the deployed one, so that no account is needed',
  },
  'change-set': {
    value: 'NAME',
    not: ['template', 'against'],
    text: "a change set of the stack, with CloudFormation's own word on what is replaced",
  },
  all: { text: 'a line for every change, also what follows a stream and what is harmless' },
  json: { text: 'print one object per change and line' },
  stage,
  region,
  settings: { ...settingsFlag, text: 'the settings file, whose region of the stage is taken' },
} as const satisfies Flags;
type Given = Omit<Values<typeof flags>, 'stage'> & { readonly stage: string };

export const command = defineCommand({
  name: 'relay explain-diff',
  synopsis: ['[options]', '--template FILE --against FILE [options]', '--change-set NAME [options]'],
  about: `Says what cdk diff means for events, the worst first: data and names that are replaced or deleted, what
stops, what happens to alarms, and what is harmless. A stream that goes or comes speaks for all that goes or comes with it.
Compares the template in cdk.out with the deployed stack, or two templates without an account. The command changes nothing.`,
  flags,
  exitCodes:
    '0 no data and no name is replaced or deleted, 1 some is, or the deploy will be refused, as it is while settings are examples, also where nothing else changes; 2 wrong use or nothing to compare',
  examples: [
    'relay explain-diff --stage prod',
    'relay explain-diff --template cdk.out/mosaic-relay-prod.template.json --against before.template.json',
    'relay explain-diff --stage prod --change-set cdk-deploy-change-set',
  ],
  details: `A stream that goes while another of its type comes counts as a changed name. With the same id it is one; with another id the
command cannot know, and asks.

Of two templates, the properties decide what is replaced. A change set knows more: a resource that follows a replaced one
may be replaced with it. npx cdk deploy --method=prepare-change-set leaves one and deploys nothing.`,

  async run(asked, terminal) {
    const given = { ...asked, stage: await stageAsked(asked) };
    const findings = worstFirst([...explain(await changesOf(given)), ...(await refusals(given))]);
    const paint = painter(terminal.isTerminal);
    if (given.json) for (const finding of findings) terminal.out(JSON.stringify(finding));
    else if (findings.length === 0) terminal.out('Nothing changes.');
    else terminal.out(findingsText(findings, { paint, columns: terminal.columns, all: given.all }));
    return findings.some(({ level }) => level === 'data' || level === 'refused') ? 1 : 0;
  },
});

async function changesOf(given: Given): Promise<readonly Change[]> {
  const { against, 'change-set': changeSet } = given;
  if (against !== undefined) {
    const before = await readTemplateFile(against);
    return compareTemplates(before.Resources, (await newTemplate(given)).Resources);
  }
  const after = changeSet === undefined ? await newTemplate(given) : undefined;
  // Loaded only where it is needed: the client takes half a second.
  const { openStackOnAws } = await import('../explain/on-aws.ts');
  const { stage: name, settings } = given;
  const told = given.region ?? (settings && (await regionInSettings(name, settings)));
  const stack = await withRegion({ stage: name, told }, (region) =>
    openStackOnAws(stackNameOf(name), region),
  );
  try {
    if (after === undefined) return await stack.changeSet(changeSet!);
    return compareTemplates((await stack.template()).Resources, after.Resources);
  } finally {
    stack.close();
  }
}

function newTemplate({ template, stage: name }: Given) {
  return readTemplateFile(template ?? `cdk.out/${stackNameOf(name)}.template.json`);
}

async function refusals(given: Given): Promise<readonly Finding[]> {
  return given['change-set'] === undefined ? refusalsOf(await newTemplate(given)) : [];
}
