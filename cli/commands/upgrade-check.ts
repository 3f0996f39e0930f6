import { stackNameOf } from '../../infra/config/names.ts';
import { relayVersion } from '../../infra/config/relay-version.ts';
import { relayFlags, withRegion } from '../access/open-relay.ts';
import { stageAsked } from '../access/settings-file.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { defineCommand, type Terminal, waiting } from '../command.ts';
import { compareTemplates } from '../explain/compare-templates.ts';
import { explain, type Finding, worstFirst } from '../explain/explain.ts';
import { refusalsOf } from '../explain/refusals.ts';
import { findingsText } from '../explain/show-findings.ts';
import { readTemplateFile, type Template } from '../explain/template-file.ts';
import { painter, plural, textWidth, wrapped } from '../text.ts';
import { kindsIn, saysVersion, versionOf } from '../upgrade/deployed-version.ts';
import { concerns, hasSuccessor, isBefore, notesSince } from '../upgrade/release-notes.ts';
import { notesText } from '../upgrade/show-notes.ts';

const { stage, region } = relayFlags;

const flags = {
  template: {
    value: 'FILE',
    text: 'a template of this version; the app of this folder is synthesised by default',
  },
  against: { value: 'FILE', text: 'a template in place of the deployed one, so that no account is needed' },
  all: {
    text: 'a line for every change, and the notes about kinds of destination that the stage does not have',
  },
  json: { text: 'print one object' },
  stage,
  region,
} as const satisfies Flags;
type Given = Omit<Values<typeof flags>, 'stage'> & { readonly stage: string };

export const command = defineCommand({
  name: 'relay upgrade-check',
  synopsis: ['[options]', '--against FILE [options]'],
  about: `Reads the deployed stack of a stage, and says which version it is of, all that an upgrade to this version changes in it,
whether data or names are replaced, and what the versions between change for the kinds of destination that the stage has. The
command changes nothing.`,
  flags,
  exitCodes:
    '0 no data and no name is replaced or deleted, 1 some is, or the deploy will be refused, 2 wrong use or nothing to compare',
  examples: [
    'relay upgrade-check --stage prod',
    'relay upgrade-check --template new.template.json --against old.template.json',
  ],
  details: `relay explain-diff explains any deploy, and compares what cdk.out holds. This command is about a version: it synthesises the
stage anew, because cdk.out may be of the version before, and reads docs/upgrade.md.`,

  async run(asked, terminal) {
    const given = { ...asked, stage: await stageAsked(asked) };
    const { template, stage: name } = given;
    const before = await deployed(given);
    const after = await (template === undefined ? synthesised(name, terminal) : readTemplateFile(template));
    const changes = compareTemplates(before.Resources, after.Resources);
    const findings = worstFirst([...explain(changes), ...refusalsOf(after)]);
    const versions = { from: versionOf(before), to: versionOf(after) ?? relayVersion() };
    const kinds = new Set([...kindsIn(before), ...kindsIn(after)]);
    const all = versions.from === undefined ? [] : notesSince(versions.from);
    const notes = given.all ? all : all.filter((note) => concerns(note, kinds));
    const verdict = verdictOf(versions, findings);
    const { columns, isTerminal } = terminal;
    const how = { paint: painter(isTerminal), columns, all: given.all };
    if (given.json) terminal.out(JSON.stringify({ ...versions, verdict, findings, notes }));
    else {
      terminal.out(
        [
          wrapped(
            `Stack ${stackNameOf(name)}: ${spoken(before, versions.from)} is deployed, and this is ${spoken(after, versions.to)}.`,
            textWidth(columns),
          ),
          ...(findings.length === 0 ? [] : [findingsText(findings, how)]),
          ...notesText(notes, { ...how, left: all.length - notes.length }),
          `${verdict}.`,
        ].join('\n\n'),
      );
    }
    return stops(findings, versions) ? 1 : 0;
  },
});

async function synthesised(name: string, terminal: Terminal): Promise<Template> {
  const { synthAnew } = await import('../upgrade/synth-anew.ts');
  return waiting(terminal, `Synthesising stage ${name} with this version`, () => synthAnew(name));
}

async function deployed({ against, stage: name, region: where }: Given): Promise<Template> {
  if (against !== undefined) return readTemplateFile(against);
  // Loaded only where it is needed: the client takes half a second.
  const { openStackOnAws } = await import('../explain/on-aws.ts');
  const stack = await withRegion({ stage: name, told: where }, (region) =>
    openStackOnAws(stackNameOf(name), region),
  );
  try {
    return await stack.template();
  } finally {
    stack.close();
  }
}

interface Versions {
  /** Undefined for a stack that no version of the relay wrote. */
  readonly from: string | undefined;
  readonly to: string;
}

/** True where nobody should deploy before something is put right. */
function stops(findings: readonly Finding[], { from, to }: Versions): boolean {
  const older = from !== undefined && isBefore(to, from);
  return older || findings.some(({ level }) => level === 'data' || level === 'refused');
}

function verdictOf({ from, to }: Versions, findings: readonly Finding[]): string {
  const of = (level: Finding['level']): number => findings.filter((each) => each.level === level).length;
  if (from !== undefined && isBefore(to, from))
    return `Version ${from} is deployed, which is newer than ${to}: install ${from} or a later one`;
  if (of('data') > 0)
    return `Do not deploy yet: data or names are replaced or deleted by ${plural(of('data'), 'change')}`;
  if (of('refused') > 0) return `The deploy will be refused, for ${plural(of('refused'), 'reason')}`;
  if (findings.length === 0) return 'Nothing changes in the stack';
  return 'No data and no name is replaced or deleted: deploy it with npx cdk deploy';
}

/** A version as people know it. Sources after a release have its version until the next one is released. */
function spoken(template: Template, version: string | undefined): string {
  if (version === undefined) return 'no version that is known';
  const unreleased = saysVersion(template) && hasSuccessor(version);
  return unreleased ? `a version after ${version} that is not released yet` : version;
}
