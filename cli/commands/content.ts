import { resolve } from 'node:path';
import { readSettingsOf, settingsFlag, stageAsked, stageFlag } from '../access/settings-file.ts';
import type { Flags } from '../arguments/flag.ts';
import { CommandError, defineCommand } from '../command.ts';
import type { WrittenDestination } from '../content/made-content.ts';
import { contentOf, siemMakers } from '../content/siem-content.ts';
import { refuseTaken, writeProject } from '../init/write-project.ts';

const names = siemMakers.map(({ siem }) => siem);

const flags = {
  out: { value: 'DIR', text: 'the folder to write, which must be new or empty; mosaic-SIEM by default' },
  stage: stageFlag,
  settings: settingsFlag,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay content',
  synopsis: [`${names.join('|')} [options]`],
  about: `Writes what a SIEM needs to understand the events, with the names of the stage's destinations put in, and
prints the commands that install it: an app for Splunk; table, rule, ASIM functions, analytic rules and a workbook for Sentinel; the
templates and ingest pipeline for Elastic; the index template for OpenSearch; pipeline and dashboard for Datadog; and the detections. The stage
must have a destination of that kind. The command reads the settings, calls nobody, and overwrites nothing.`,
  operand: { name: 'SIEM', choices: names, text: 'whose content' },
  flags,
  exitCodes:
    '0 written, 2 wrong use, no destination of the kind, or a folder that is not empty or cannot be written',
  examples: ['relay content splunk --stage prod', 'relay content sentinel --stage prod --out ./for-sentinel'],

  async run(given, terminal, operand) {
    const maker = siemMakers.find(({ siem }) => siem === operand)!;
    const stage = await stageAsked(given);
    const { stages, shown } = await readSettingsOf(stage, given.settings);
    const destinations = destinationsOf(stages[stage]).filter(({ kind }) => kind === maker.kind);
    if (destinations.length === 0) throw noDestination(maker.kind, { stage, stages, shown });

    const out = given.out ?? `mosaic-${operand}`;
    const folder = resolve(out);
    await refuseTaken(folder, out);
    const { files, steps } = await contentOf(maker, destinations, out);
    await writeProject(folder, out, files);
    terminal.out(
      [`Wrote ${Object.keys(files).length} files to ${out}. Next:`, ...steps.map((step) => `  ${step}`)].join(
        '\n',
      ),
    );
    return 0;
  },
});

/** Without a destination the command knows no names to put in, such as an index or a table. */
function noDestination(kind: string, { stage, stages, shown }: Place): CommandError {
  const has = [...new Set(destinationsOf(stages[stage]).map((each) => each.kind))].sort();
  const others = Object.keys(stages).filter((name) =>
    destinationsOf(stages[name]).some((each) => each.kind === kind),
  );
  const instead = others.map((name) => `--stage ${name}`).join(' or ');
  return new CommandError(
    `${shown}: stage ${stage} has no destination of the kind ${kind}, only ${has.join(', ') || 'none'}; add one, whose names the content gets${instead === '' ? '' : `, or say ${instead}`}`,
  );
}

interface Place {
  readonly stage: string;
  readonly stages: Readonly<Record<string, unknown>>;
  readonly shown: string;
}

/** Of every stream. The settings are what the operator wrote, which nobody has checked here. */
function destinationsOf(stage: unknown): readonly WrittenDestination[] {
  const { streams } = stage as { readonly streams?: readonly { readonly destinations?: unknown }[] };
  return (Array.isArray(streams) ? streams : []).flatMap(({ destinations }) =>
    Array.isArray(destinations) ? (destinations as WrittenDestination[]) : [],
  );
}
