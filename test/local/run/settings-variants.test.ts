import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseStage } from '../../../infra/config/choose-stage.ts';
import { destinationKinds } from '../../../infra/destinations/destination-kinds.ts';
import { noMore, turns } from '../../../local/run/settings/more-destinations.ts';
import {
  asWritten,
  type SettingsFiles,
  writeVariants,
} from '../../../local/run/settings/settings-variants.ts';

const settings = join(import.meta.dirname, '../../../infra/config/stages.ts');
const types = ['cis', 'admin', 'risk', 'verify'];
const folders: string[] = [];
const newFolder = async (): Promise<string> => {
  // A module is read once from one path.
  const folder = await mkdtemp(join(tmpdir(), 'relay-variants-'));
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

interface Written {
  readonly views?: object;
  readonly streams: readonly {
    readonly id: string;
    readonly type: string;
    readonly destinations: readonly { readonly kind: string; readonly name?: string }[];
  }[];
}

const stageIn = async (path: string, stage: string): Promise<Written> => {
  const { stages } = JSON.parse(await readFile(path, 'utf8')) as { readonly stages: Record<string, Written> };
  const chosen = chooseStage(stages, stage);
  if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
  return stages[stage]!;
};

describe.each(['dev', 'prod'])('of stage %s', (stage) => {
  let pathOf: SettingsFiles;
  beforeAll(async () => {
    pathOf = await writeVariants(await newFolder(), { stage, types, settings });
  });

  test('the written one has the destinations that are written', async () => {
    const { streams } = await stageIn(pathOf(asWritten), stage);
    expect(streams.map(({ type }) => type)).toEqual(types);
    expect(streams.flatMap(({ destinations }) => destinations).flatMap(({ name }) => name ?? [])).toEqual(
      stage === 'dev' ? ['lake'] : [],
    );
  });

  test.each([0, 1, 2, 3])(
    'three more for each stream, turn %s, are valid and of every kind',
    async (turn) => {
      const { streams } = await stageIn(pathOf({ ...asWritten, more: { count: 3, turn } }), stage);
      const more = streams.map(({ destinations }) =>
        destinations.filter(({ name }) => name?.startsWith('more-')),
      );
      for (const { length } of more) expect(length).toBeGreaterThanOrEqual(2);
      const kinds = streams.flatMap(({ destinations }) => destinations.map(({ kind }) => kind));
      expect(new Set(kinds)).toEqual(new Set(Object.keys(destinationKinds)));
      for (const { destinations } of streams)
        expect(destinations.filter(({ kind }) => kind === 'gcs').length).toBeLessThanOrEqual(1);
    },
  );
});

test('a view goes with the stream whose destination names it', async () => {
  const views = async (types: readonly string[]) => {
    const pathOf = await writeVariants(await newFolder(), { stage: 'dev', types, settings });
    return Object.keys((await stageIn(pathOf(asWritten), 'dev')).views ?? {});
  };
  expect([await views(['cis', 'risk']), await views(['risk'])]).toEqual([['analysts'], []]);
});

test('with views each stream has two destinations more, which see events through one', async () => {
  const pathOf = await writeVariants(await newFolder(), { stage: 'prod', types, settings });
  const { streams } = await stageIn(pathOf({ ...asWritten, views: true }), 'prod');
  for (const { destinations } of streams)
    expect(destinations.filter(({ name }) => name?.startsWith('seen-')).map(({ kind }) => kind)).toEqual([
      's3',
      'splunk',
    ]);
});

test('the kinds of a stream alone depend on the turn', async () => {
  const pathOf = await writeVariants(await newFolder(), { stage: 'dev', types: ['admin'], settings });
  const kinds = new Set<string>();
  for (let turn = 0; turn < turns; turn += 1) {
    const { streams } = await stageIn(pathOf({ ...asWritten, more: { count: 1, turn } }), 'dev');
    expect(streams.map(({ type }) => type)).toEqual(['admin']);
    kinds.add(streams[0]!.destinations.at(-1)!.kind);
  }
  expect(kinds.size).toBe(turns);
  expect(noMore.count).toBe(0);
});
