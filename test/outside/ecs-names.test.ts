import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ecsFields } from '../../content/generate/ecs-pipeline.ts';
import { eventClasses } from '../../content/mapping/classes.ts';
import { install, tellSkipped, temporaryFolder } from './install.ts';

const release = '@elastic/ecs@9.4.0';
const folder = temporaryFolder();
const { missing } = await install(
  'npm',
  ['install', '--no-audit', '--no-fund', release, '--prefix', folder],
  folder,
);
tellSkipped(release, missing, folder);

test.skipIf(missing !== undefined)(
  "every field is one of Elastic's schema, with its type and its values",
  async () => {
    const { EcsFlat } = await import(join(folder, 'node_modules/@elastic/ecs', main()));
    const schema = EcsFlat as Readonly<Record<string, SchemaField>>;
    const categories = new Map(
      schema['event.category']!.allowed_values!.map((each) => [each.name, each.expected_event_types ?? []]),
    );

    expect(Object.entries(ecsFields).filter(([name, type]) => schema[name]?.type !== type)).toEqual([]);
    for (const ofClass of Object.values(eventClasses)) {
      if (!('ecs' in ofClass)) continue;
      const types = ofClass.ecs.flatMap((category) => categories.get(category) ?? []);
      for (const does of Object.values(ofClass.does) as readonly { readonly ecs?: readonly string[] }[])
        expect(types, ofClass.ecs.join()).toEqual(expect.arrayContaining([...(does.ecs ?? [])]));
    }
    expect(schema['event.no_such_field']).toBeUndefined();
  },
);

interface SchemaField {
  readonly type: string;
  readonly allowed_values?: readonly {
    readonly name: string;
    readonly expected_event_types?: readonly string[];
  }[];
}

function main(): string {
  const manifest = readFileSync(join(folder, 'node_modules/@elastic/ecs/package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly main: string }).main;
}
