import { describe, expect, test } from 'vitest';
import { datadogPipeline } from '../../content/generate/datadog.ts';
import { activityTable, ecsFields, ecsPipeline } from '../../content/generate/ecs-pipeline.ts';
import { elasticComponentTemplate } from '../../content/generate/elastic.ts';
import { mappingRows } from '../../content/mapping/mapping-of.ts';
import { memberMappings } from '../../content/mapping/members.ts';

describe('Elastic', () => {
  test('every field that the pipeline writes has a type in the template', () => {
    const written = [
      ...memberMappings.flatMap(({ ecs }) => (ecs === undefined ? [] : [ecs])),
      ...Object.values(activityTable()).flatMap((entry) =>
        Object.keys(entry).map((name) => (name === 'message' ? name : `event.${name}`)),
      ),
      ...[...JSON.stringify(ecsPipeline('elastic')).matchAll(/"set":\{"field":"([^"]+)"/g)].map(
        ([, name]) => name!,
      ),
    ].filter((name) => name !== 'error.message');

    expect(written.length).toBeGreaterThan(30);
    expect([...new Set(written)].filter((name) => ecsFields[name] === undefined)).toEqual([]);
  });

  test('the template nests its fields, and leaves what it does not name unindexed', () => {
    expect(elasticComponentTemplate()).toMatchObject({
      template: {
        mappings: {
          dynamic: false,
          properties: {
            '@timestamp': { type: 'date' },
            source: {
              properties: { ip: { type: 'ip' }, geo: { properties: { city_name: { type: 'keyword' } } } },
            },
            additionalParams: { type: 'flattened' },
          },
        },
      },
    });
  });
});

test('Datadog: each table is asked by one key for each row and spelling, and no key comes twice', () => {
  const { processors } = datadogPipeline() as {
    readonly processors: readonly { readonly type: string; readonly lookup_table?: readonly string[] }[];
  };
  const tables = processors
    .filter(({ type }) => type === 'lookup-processor')
    .map((each) => each.lookup_table!);
  const keys = tables.map((table) => table.map((line) => line.split(',')[0]!));
  const spellings = mappingRows.reduce((sum, row) => sum + row.spellings.length, 0);

  expect(tables.flat().every((line) => line.split(',').length === 2)).toBe(true);
  expect(keys.map((each) => new Set(each).size)).toEqual(keys.map((each) => each.length));
  expect(keys[0]).toHaveLength(spellings);
  expect(keys[0]).toContain('risk|risk_recommendation|DENY');
  expect(keys[0]).toContain('admin|admin_login|');
});
