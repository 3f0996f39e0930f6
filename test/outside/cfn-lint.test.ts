import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import { stages } from '../../infra/config/stages.ts';
import type { DestinationSettings } from '../../infra/destinations/destination-kinds.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { moreDestinations, turns } from '../../local/run/settings/more-destinations.ts';
import { stageSettings, unbundled } from '../infra/synthesized.ts';
import { everyKind } from '../local/run/every-kind.ts';
import { runProgram, tellSkipped, temporaryFolder } from './install.ts';
import { installPython } from './python.ts';

const release = 'cfn-lint==1.58.0';
const folder = temporaryFolder();
const python = await installPython(folder, [release]);
tellSkipped(release, python.missing, folder);

const account = '111122223333';
const region = 'eu-west-1';

/** The shipped stages, and stages that have every kind of destination, with and without the options of each. */
const linted: Readonly<Record<string, StageSettings>> = {
  ...stages,
  'every-kind': everyKind,
  'more-kinds': stageSettings({
    account,
    region,
    encryption: 'customer-managed',
    streams: Array.from({ length: turns }, (_, place) => ({
      name: `stream-${place}`,
      id: `relay-${place}`,
      type: 'cis' as const,
      destinations: moreDestinations(
        { name: `stream-${place}`, place, kinds: [] },
        { account, region },
        { count: 3, turn: 0 },
      ) as unknown as readonly DestinationSettings[],
    })),
  }),
};

test.skipIf(python.missing !== undefined)(
  'cfn-lint finds no error in the templates of the shipped stages and of every kind of destination, and a planted one',
  async () => {
    const written = Object.entries(linted).flatMap(([name, settings]) => templatesOf(name, settings));
    const planted = plantedIn(written);

    const kinds = new Set(
      Object.values(linted).flatMap(({ streams }) =>
        streams.flatMap(({ destinations = [] }) => destinations.map(({ kind }) => kind)),
      ),
    );
    expect([...kinds].toSorted()).toEqual(Object.keys(destinationKinds).toSorted());
    expect(await errorsIn(written)).toEqual([]);
    expect(await errorsIn([planted])).toEqual([expect.stringContaining('BufferingHint')]);
  },
  240_000,
);

/** Writes the templates of a stage, also those of the stacks within its stack. */
function templatesOf(name: string, settings: StageSettings): readonly string[] {
  const chosen = chooseStage({ [name]: settings }, name);
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  const outdir = join(folder, 'assemblies', name);
  stageApp(chosen.stage, { context: unbundled, outdir }).synth();
  return readdirSync(outdir)
    .filter((file) => file.endsWith('template.json'))
    .map((file) => join(outdir, file));
}

/** Writes a template that is one of these but for the name of one property. */
function plantedIn(templates: readonly string[]): string {
  const path = join(folder, 'planted.template.json');
  const [sound] = templates
    .map((template) => readFileSync(template, 'utf8'))
    .filter((text) => text.includes('"BufferingHints"'));
  writeFileSync(path, sound!.replace('"BufferingHints"', '"BufferingHint"'));
  return path;
}

/** Each error that cfn-lint finds, as a line. */
async function errorsIn(templates: readonly string[]): Promise<readonly string[]> {
  if (python.missing !== undefined) return [];
  const options = ['--non-zero-exit-code', 'none', '--ignore-checks', 'W', 'I', '--format', 'parseable'];
  const program = python.program('cfn-lint');
  const { error, output } = await runProgram(program, [...options, '--', ...templates], {
    folder,
    timeoutMs: 200_000,
  });
  if (error !== undefined) throw new Error(output, { cause: error });
  return output.split('\n').filter((line) => /:E\d{4}:/.test(line));
}
