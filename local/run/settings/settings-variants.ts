import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings } from '../../../cli/access/settings-file.ts';
import type { SettingsVariant } from '../fault-set.ts';
import { moreDestinations, noMore, turns } from './more-destinations.ts';
import { drawnViews, viewedDestinations } from './viewed-destinations.ts';

/** The file of settings for a variant. */
export type SettingsFiles = (variant: SettingsVariant) => string;

/** The destination that a variant has more. */
export const addedName = 'added';

export const asWritten: SettingsVariant = { added: false, replaced: false, more: noMore, views: false };

/**
 * Writes the settings of each variant of a stage, as data: the app, whatever it imports itself, takes them from the
 * context. Only the streams that take part are kept, since each run has a world of its own.
 *
 * @param folder where the files go
 * @throws {WrongUse} where the settings cannot be read
 */
export async function writeVariants(folder: string, varied: VariedStage): Promise<SettingsFiles> {
  const { stages } = await readSettings(varied.settings);
  const pathOf = (variant: SettingsVariant): string => join(folder, `${nameOf(variant)}.json`);
  for (const variant of everyVariant()) {
    const settings = { stages: stagesOf(variant, varied, stages), writtenIn: varied.settings };
    await writeFile(pathOf(variant), JSON.stringify(settings));
  }
  return pathOf;
}

export interface VariedStage {
  readonly stage: string;
  readonly types: readonly string[];
  /** Absolute path of the settings that vary. */
  readonly settings: string;
}

function everyVariant(): readonly SettingsVariant[] {
  const mores = [1, 2, 3].flatMap((count) => Array.from({ length: turns }, (_, turn) => ({ count, turn })));
  return [noMore, ...mores].flatMap((more) =>
    [false, true].flatMap((added) =>
      [false, true].flatMap((replaced) => [false, true].map((views) => ({ added, replaced, more, views }))),
    ),
  );
}

function nameOf({ added, replaced, more, views }: SettingsVariant): string {
  const parts = [
    ...(added ? ['added'] : []),
    ...(replaced ? ['replaced'] : []),
    ...(more.count > 0 ? ['more', more.count, more.turn] : []),
    ...(views ? ['views'] : []),
  ];
  return ['stages', ...parts].join('-');
}

function stagesOf(
  { added, replaced, more, views }: SettingsVariant,
  { stage, types }: VariedStage,
  written: WrittenStages,
): WrittenStages {
  const chosen = written[stage];
  if (chosen === undefined) return written;
  const streams = chosen.streams.map((stream, place) => {
    const { name = stream.id ?? '', destinations = [{ kind: 's3' as const }] } = stream;
    const kinds = destinations.map(({ kind }) => kind);
    return {
      ...stream,
      // The name is the id where none is given, and has to stay.
      ...(replaced && stream.id && { name, id: `${stream.id}-again` }),
      destinations: [
        ...destinations,
        ...(moreDestinations({ name, place, kinds }, chosen, more) as typeof destinations),
        ...((views ? viewedDestinations(name, chosen) : []) as typeof destinations),
        ...(added ? [{ kind: 's3' as const, name: addedName, bufferSeconds: 900 }] : []),
      ],
    };
  });
  const taking = streams.filter(({ type }) => types.includes(type));
  const known = { ...chosen.views, ...(views ? drawnViews(chosen) : {}) };
  const named = Object.keys(known).length === 0 ? {} : { views: namedViews(known, taking) };
  return { ...written, [stage]: { ...chosen, ...named, streams: taking } };
}

/** The views that a destination names: the settings refuse every other. */
function namedViews<View>(
  views: Readonly<Record<string, View>>,
  streams: readonly { readonly destinations: readonly { readonly view?: string }[] }[],
): Readonly<Record<string, View>> {
  const named = new Set(
    streams.flatMap(({ destinations }) => destinations.flatMap(({ view }) => view ?? [])),
  );
  return Object.fromEntries(Object.entries(views).filter(([name]) => named.has(name)));
}

type WrittenStages = Awaited<ReturnType<typeof readSettings>>['stages'];
