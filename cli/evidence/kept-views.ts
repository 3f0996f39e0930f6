import { createSeer, type Seer } from '../../functions/collector/views/see-cut.ts';
import type { ViewKey } from '../../functions/collector/views/view-key.ts';
import type { CompiledShape } from '../../functions/stored/compiled-shape.ts';
import { type CompiledView, changesMembers, viewLabel } from '../../functions/stored/compiled-view.ts';
import { keptViewKey, readKeptView, readKeptViewKey, viewsPrefix } from '../../functions/stored/kept-view.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { isDenied } from '../access/explain-failure.ts';
import { type OpenedKey, openViewSecret, unusableKey } from './view-secret.ts';

/** The views that a stream's destinations have had, opened with the caller's own rights. */
export interface KeptViews {
  /** @returns undefined where the bucket does not have the view that the label names, or has it damaged */
  open(label: string): Promise<OpenedView | undefined>;
  /** The keys that the views' ids are made with, and those that should be and cannot be used. */
  keys(): Promise<readonly OpenedKey[]>;
  /** The shapes that lines of the stream have had; none where the caller may not read the views. */
  shapes(): Promise<readonly CompiledShape[]>;
  /** Why keys could not be used, of those that were asked for so far. */
  problems(): readonly string[];
}

export interface OpenedView {
  readonly label: string;
  /** True where lines have keyed ids, and say by which key. */
  readonly isKeyed: boolean;
  /** Set where a key of the view's cannot be used. */
  readonly problem: string | undefined;
  /**
   * The ways to see by the view in which a line may have been made that names this key: none where no key at hand has the
   * id, and several where it does not tell the keys apart. A line without the name of a key, of a version that did not write
   * it, may be made by any key.
   */
  seenWith(keyId: string | undefined): readonly Seer[];
  /** Sees through a key that nobody has, which tells what the view leaves out. */
  readonly seeWithoutKey: Seer;
}

export function openKeptViews(
  relay: DeployedRelay,
  { name: streamName }: Pick<DeployedStream, 'name'>,
): KeptViews {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const opened = new Map<string, Promise<OpenedView | undefined>>();
  const secrets = new Map<string, Promise<readonly OpenedKey[]>>();
  const problems = new Set<string>();
  const told = (keys: readonly OpenedKey[]): readonly OpenedKey[] => {
    for (const { problem } of keys) if (problem !== undefined) problems.add(problem);
    return keys;
  };
  const keysOf = (secretId: string): Promise<readonly OpenedKey[]> => {
    const keys = secrets.get(secretId) ?? openViewSecret(relay, secretId).then(told);
    secrets.set(secretId, keys);
    return keys;
  };
  /** @returns undefined where there is no such view; `damaged` names the object whose content is not the view */
  const read = async (label: string): Promise<CompiledView | { readonly damaged: string } | undefined> => {
    const key = keptViewKey(streamName, label);
    const kept = await bucket.find(key);
    if (kept === undefined) return undefined;
    const view = viewOf(label, kept.body);
    if (view !== undefined) return view;
    told([damagedView(key)]);
    return { damaged: key };
  };
  const open = async (label: string): Promise<OpenedView | undefined> => {
    const view = await read(label);
    if (view === undefined || 'damaged' in view) return undefined;
    return openedView(label, view, keyedBy(view) === undefined ? undefined : await keysOf(keyedBy(view)!));
  };
  const kept = async (): Promise<readonly (CompiledView | { readonly damaged: string })[]> => {
    const views: (CompiledView | { readonly damaged: string })[] = [];
    for await (const { key } of bucket.list(viewsPrefix(streamName))) {
      const label = readKeptViewKey(streamName, key);
      const view = label === undefined ? undefined : await read(label);
      if (view !== undefined) views.push(view);
    }
    return views;
  };
  const allKeys = async (): Promise<readonly OpenedKey[]> => {
    const found = new Set<string>();
    const damaged: OpenedKey[] = [];
    for (const view of await kept()) {
      if ('damaged' in view) damaged.push(damagedView(view.damaged));
      else if (keyedBy(view) !== undefined) found.add(keyedBy(view)!);
    }
    return [...(await Promise.all([...found].map(keysOf))).flat(), ...damaged];
  };
  return {
    problems: () => [...problems],
    open(label) {
      const view = opened.get(label) ?? open(label);
      opened.set(label, view);
      return view;
    },
    async shapes() {
      try {
        return (await kept()).flatMap((view) => ('damaged' in view ? [] : (view.shape ?? [])));
      } catch (error) {
        if (!(error instanceof Error && isDenied(error))) throw error;
        return [];
      }
    },
    async keys() {
      try {
        return await allKeys();
      } catch (error) {
        if (!(error instanceof Error && isDenied(error))) throw error;
        const problem = `the views of the stream cannot be read (${error.name})`;
        return told([unusableKey(viewsPrefix(streamName), problem)]);
      }
    },
  };
}

/** @param keys those of the view's secret; undefined where its ids are the raw ones */
function openedView(label: string, view: CompiledView, keys: readonly OpenedKey[] | undefined): OpenedView {
  const seeWithoutKey = createSeer(view, placeholder);
  const base = { label, seeWithoutKey, problem: keys?.find(({ problem }) => problem !== undefined)?.problem };
  if (keys === undefined) {
    const see = createSeer(view, undefined);
    return { ...base, isKeyed: false, seenWith: () => [see] };
  }
  const seers = keys.flatMap(({ key }) =>
    key === undefined ? [] : [[key.id, createSeer(view, key)] as const],
  );
  return {
    ...base,
    isKeyed: true,
    seenWith: (keyId) => seers.flatMap(([id, see]) => (keyId === undefined || id === keyId ? [see] : [])),
  };
}

/** The secret of the key that a view's ids are made with; undefined where they are the raw ones. */
function keyedBy(view: CompiledView): string | undefined {
  return changesMembers(view) ? view.key : undefined;
}

function damagedView(key: string): OpenedKey {
  return unusableKey(key, `the kept view ${key} is damaged, and with it the name of its key`);
}

/** Evidence that is made by another view than the line's own would be none. */
function viewOf(label: string, body: Uint8Array): CompiledView | undefined {
  try {
    const view = readKeptView(body);
    return viewLabel(label.slice(0, label.lastIndexOf('@')), view) === label ? view : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const placeholder: ViewKey = { id: 'none', secret: new Uint8Array(32) };
