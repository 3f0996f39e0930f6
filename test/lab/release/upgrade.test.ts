import { describe, expect, test } from 'vitest';
import type { Change } from '../../../cli/explain/change.ts';
import { compareTemplates, type Resources } from '../../../cli/explain/compare-templates.ts';
import { explain, worstFirst } from '../../../cli/explain/explain.ts';
import { flattened, type Template } from '../../../cli/explain/template-file.ts';
import { chooseStage } from '../../../infra/config/choose-stage.ts';
import { keptVersions, readRelease } from '../../../lab/release/kept-release.ts';
import { stages } from '../../../lab/release/settings.ts';
import { templatesOf } from '../../infra/synthesized.ts';

/** What holds events or progress, and what readers elsewhere know by its name. */
const lasting = [
  'AWS::DynamoDB::Table',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'Custom::MosaicStream',
];

describe.each(keptVersions())('an upgrade from %s', async (version) => {
  const before = await templateOf(version);
  const after = await today();
  const changes = compareTemplates(before, after);

  test('replaces and removes nothing that holds events or progress, or that has a name', () => {
    const gone = changes.filter(
      ({ type, action }) => lasting.includes(type) && !['added', 'changed'].includes(action),
    );
    expect(gone.map(told)).toEqual([]);
  });

  test('is explained without data or names that are lost, and without a refusal', () => {
    const [worst] = worstFirst(explain(changes));
    expect(worst?.level).not.toMatch(/^(data|refused)$/);
  });

  test('would be told otherwise of a table whose key is another one', () => {
    const [id, table] = Object.entries(after).find(([, { Type }]) => Type === 'AWS::DynamoDB::Table')!;
    const other = { ...table, Properties: { ...table.Properties, KeySchema: [] } };
    const [worst] = worstFirst(explain(compareTemplates(before, { ...after, [id]: other })));
    expect(worst).toMatchObject({ level: 'data', action: 'replaced', thing: 'table' });
  });
});

test('the assembly of 0.1.0 is kept, and names no path of the machine that made it', () => {
  expect(keptVersions()).toContain('0.1.0');
  for (const version of keptVersions())
    expect(JSON.stringify(readRelease(version))).not.toMatch(/\/(home|root|tmp|Users|work)\/\w/);
});

function told({ action, type, name, properties }: Change): string {
  return `${action} ${type} ${name}: ${properties.join(', ')}`;
}

function templateOf(version: string): Promise<Resources> {
  const files = Object.entries(readRelease(version)).filter(([path]) => path.endsWith('.template.json'));
  return resourcesOf(new Map(files.map(([path, text]) => [path, JSON.parse(text) as Template])));
}

function today(): Promise<Resources> {
  const chosen = chooseStage(stages, 'dev');
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return resourcesOf(templatesOf(chosen.stage));
}

async function resourcesOf(templates: ReadonlyMap<string, unknown>): Promise<Resources> {
  const read = (file: string) => templates.get(file) as Template;
  const { Resources } = await flattened(
    read('mosaic-relay-dev.template.json'),
    async (_, { Metadata = {} }) => read(String(Metadata['aws:asset:path'])),
  );
  return Resources;
}
