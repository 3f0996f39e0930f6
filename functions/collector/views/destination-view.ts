import { type CompiledView, changesMembers, memberDepth } from '../../stored/compiled-view.ts';
import type { Cut } from '../protocol/ports/answers.ts';
import { createSeer, type SeenCut } from './see-cut.ts';
import type { ViewKey } from './view-key.ts';

/** The view of a destination, with its key where the view has one. */
export interface DestinationView {
  /** What every line says of it: `<name>@<8 hex>`. */
  readonly label: string;
  /** How deep in events it looks, so that the cutter notes members for it. */
  readonly memberDepth?: number;
  /**
   * Gives what the destination may see of a batch.
   * @param collectedAt milliseconds since the epoch
   * @throws {RelayError} `ViewKeyUnreadable`, `ViewKeyMalformed` or `ViewNotKept`; nothing may be shown to the destination then
   */
  see(cut: Cut, type: string, collectedAt: number): Promise<SeenCut>;
}

/** Reads the key with this ARN. @throws as `DestinationView.see` */
export type ReadViewKey = (secretId: string) => Promise<ViewKey>;

/** Keeps a compiled view for those who look later at what was made by it. @throws as `DestinationView.see` */
export type KeepView = (label: string, view: CompiledView) => Promise<void>;

/**
 * Makes the views of a stream's destinations. Equal views share their work, whatever their names.
 *
 * A view is kept before anything is made by it. A key is read when it is first needed, and kept from then on: within one process, every delivery of an event is the same.
 */
export function createDestinationViews(
  views: Readonly<Record<string, CompiledView>>,
  { readKey, keepView }: { readonly readKey: ReadViewKey; readonly keepView: KeepView },
): (label: string) => DestinationView {
  const shared = new Map<string, () => Promise<ReturnType<typeof createSeer>>>();
  const seerOf = (view: CompiledView) => {
    const text = JSON.stringify(view);
    const known = shared.get(text) ?? once(async () => createSeer(view, await keyOf(view, readKey)));
    shared.set(text, known);
    return known;
  };
  return (label) => {
    const view = Object.hasOwn(views, label) ? views[label] : undefined;
    if (view === undefined) throw new Error(`the bundle has no view ${label}`);
    const seer = seerOf(view);
    const kept = once(() => keepView(label, view));
    return {
      label,
      memberDepth: memberDepth(view),
      async see(cut, type, collectedAt) {
        await kept();
        return (await seer())(cut, type, collectedAt);
      },
    };
  };
}

async function keyOf(view: CompiledView, readKey: ReadViewKey): Promise<ViewKey | undefined> {
  if (view.key !== undefined) return readKey(view.key);
  if (changesMembers(view)) throw new Error('a view that changes members has no key');
  return undefined;
}

/** Keeps what was made, and tries again after a failure. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
