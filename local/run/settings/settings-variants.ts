import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SettingsVariant } from '../fault-set.ts';
import { noMore, turns } from './more-destinations.ts';

/** The module of settings for a variant. */
export type SettingsModules = (variant: SettingsVariant) => string;

/** The destination that a variant has more. */
export const addedName = 'added';

export const asWritten: SettingsVariant = { added: false, replaced: false, more: noMore };

/**
 * Writes a module for each variant of a stage, of which only the streams that take part are kept: each run has a world
 * of its own.
 *
 * @param folder where the modules go
 */
export async function writeVariants(folder: string, stage: VariedStage): Promise<SettingsModules> {
  const pathOf = (variant: SettingsVariant): string => join(folder, `${nameOf(variant)}.mjs`);
  for (const variant of everyVariant()) await writeFile(pathOf(variant), moduleOf(variant, stage));
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
    [false, true].flatMap((added) => [false, true].map((replaced) => ({ added, replaced, more }))),
  );
}

function nameOf({ added, replaced, more }: SettingsVariant): string {
  const parts = [
    ...(added ? ['added'] : []),
    ...(replaced ? ['replaced'] : []),
    ...(more.count > 0 ? ['more', more.count, more.turn] : []),
  ];
  return ['stages', ...parts].join('-');
}

function moduleOf(
  { added, replaced, more }: SettingsVariant,
  { stage, types, settings }: VariedStage,
): string {
  const changes = [
    // The name is the id where none is given, and has to stay.
    ...(replaced ? ["...(stream.id && { name: stream.name ?? stream.id, id: stream.id + '-again' })"] : []),
    `destinations: [...written, ...others${added ? `, { kind: 's3', name: '${addedName}', bufferSeconds: 900 }` : ''}]`,
  ];
  const destinations = new URL('./more-destinations.ts', import.meta.url).href;
  return `import { stages as written } from ${JSON.stringify(pathToFileURL(settings).href)};
import { moreDestinations } from ${JSON.stringify(destinations)};
const types = ${JSON.stringify(types)};
const chosen = written[${JSON.stringify(stage)}];
const more = ({ name, id }, place, kinds) =>
  moreDestinations({ name: name ?? id, place, kinds }, chosen, ${JSON.stringify(more)});
const change = (stream, place) => {
  const written = stream.destinations ?? [{ kind: 's3' }];
  const others = more(stream, place, written.map(({ kind }) => kind));
  return { ...stream, ${changes.join(', ')} };
};
const streams = chosen?.streams.map(change).filter(({ type }) => types.includes(type));
export const writtenIn = ${JSON.stringify(settings)};
export const stages = { ...written, ...(chosen && { ${JSON.stringify(stage)}: { ...chosen, streams } }) };
`;
}
