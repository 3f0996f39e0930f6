import type { CompiledView } from './compiled-view.ts';

/** All that is below it are compiled views, by stream. They are never deleted: what was made by one may be looked at for years. */
export const viewsFolder = 'views/';

/** All that is below it are the views that a stream's destinations have had. */
export function viewsPrefix(streamName: string): string {
  return `${viewsFolder}${streamName}/`;
}

/** Where a compiled view lies: `views/<stream>/<name>@<8 hex>.json`. */
export function keptViewKey(streamName: string, label: string): string {
  return `${viewsPrefix(streamName)}${label}.json`;
}

/** The label of a view of the stream's; undefined where the key names none. */
export function readKeptViewKey(streamName: string, key: string): string | undefined {
  const prefix = viewsPrefix(streamName);
  const label = key.startsWith(prefix) ? /^([^/]+@[0-9a-f]{8})\.json$/.exec(key.slice(prefix.length)) : null;
  return label?.[1];
}

export function writeKeptView(view: CompiledView): string {
  return JSON.stringify(view);
}

export function readKeptView(body: Uint8Array): CompiledView {
  return JSON.parse(Buffer.from(body).toString()) as CompiledView;
}
