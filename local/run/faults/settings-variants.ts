import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SettingsVariant } from './fault-set.ts';

/** The module of settings for a variant. */
export type SettingsModules = (variant: SettingsVariant) => string;

/** The destination that a variant has more. */
export const addedName = 'added';

export const asWritten: SettingsVariant = { added: false, replaced: false };

/**
 * Writes a module for each variant of a stage, of which only the streams that take part are kept: each run has a world
 * of its own.
 *
 * @param folder where the modules go
 */
export async function writeVariants(folder: string, stage: VariedStage): Promise<SettingsModules> {
  const pathOf = (variant: SettingsVariant): string => join(folder, `${nameOf(variant)}.mjs`);
  for (const added of [false, true])
    for (const replaced of [false, true])
      await writeFile(pathOf({ added, replaced }), moduleOf({ added, replaced }, stage));
  return pathOf;
}

export interface VariedStage {
  readonly stage: string;
  readonly types: readonly string[];
  /** The project's folder. */
  readonly root: string;
}

function nameOf({ added, replaced }: SettingsVariant): string {
  return ['stages', ...(added ? ['added'] : []), ...(replaced ? ['replaced'] : [])].join('-');
}

function moduleOf({ added, replaced }: SettingsVariant, { stage, types, root }: VariedStage): string {
  const changes = [
    // The name is the id where none is given, and has to stay.
    ...(replaced ? ["...(stream.id && { name: stream.name ?? stream.id, id: stream.id + '-again' })"] : []),
    ...(added
      ? [`destinations: [...(stream.destinations ?? [{ kind: 's3' }]), { kind: 's3', name: '${addedName}' }]`]
      : []),
  ];
  return `import { stages as written } from ${JSON.stringify(join(root, 'infra/config/stages.ts'))};
const types = ${JSON.stringify(types)};
const change = (stream) => ({ ...stream, ${changes.join(', ')} });
export const stages = Object.fromEntries(Object.entries(written).map(([name, stage]) =>
  [name, name === ${JSON.stringify(stage)}
    ? { ...stage, streams: stage.streams.filter(({ type }) => types.includes(type)).map(change) }
    : stage]));
`;
}
