import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledView } from '../../stored/compiled-view.ts';
import { bundledViewsFile, type CollectorSettings } from '../contract.ts';

/** Reads the compiled views that lie beside the function's code; none where no destination has one. */
export function readBundledViews(
  { destinations }: Pick<CollectorSettings, 'destinations'>,
  folder: string,
): Readonly<Record<string, CompiledView>> {
  if (destinations.every(({ view }) => view === undefined)) return {};
  return JSON.parse(readFileSync(join(folder, bundledViewsFile), 'utf8')) as Record<string, CompiledView>;
}
