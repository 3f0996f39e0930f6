import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createViewKeys } from '../../functions/collector/adapters/view-keys.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import { createKeyedIds } from '../../functions/collector/views/keyed-id.ts';
import { createSeer, type SeenCut } from '../../functions/collector/views/see-cut.ts';
import type { ViewKey } from '../../functions/collector/views/view-key.ts';
import { RelayError } from '../../functions/relay-error.ts';
import { type CompiledView, changesMembers, viewLabel } from '../../functions/stored/compiled-view.ts';
import { keptViewKey, readKeptView, readKeptViewKey, viewsPrefix } from '../../functions/stored/kept-view.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { failsForAll, isDenied } from '../access/explain-failure.ts';

/** The views that a stream's destinations have had, opened with the caller's own rights. */
export interface KeptViews {
  /** @returns undefined where the bucket does not have the view that the label names */
  open(label: string): Promise<OpenedView | undefined>;
  /** The keys that the views' ids are made with. */
  keys(): Promise<readonly OpenedKey[]>;
  /** Why keys could not be used, of those that were asked for so far. */
  problems(): readonly string[];
}

export interface OpenedView {
  readonly label: string;
  /** Set where the view's key cannot be used. Events are then seen through a key that nobody has. */
  readonly problem: string | undefined;
  readonly changesMembers: boolean;
  see(cut: Cut, type: string): SeenCut;
}

export interface OpenedKey {
  readonly secretId: string;
  /** Gives the id in lines of the key's views for a raw id; undefined where the key cannot be used. */
  readonly idOf: ((rawId: string) => string) | undefined;
  readonly key: ViewKey | undefined;
  /** Why the key cannot be used. */
  readonly problem: string | undefined;
}

export function openKeptViews(
  relay: DeployedRelay,
  { name: streamName }: Pick<DeployedStream, 'name'>,
): KeptViews {
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const opened = new Map<string, Promise<OpenedView | undefined>>();
  const keys = new Map<string, Promise<OpenedKey>>();
  const problems: string[] = [];
  const openOnce = async (secretId: string): Promise<OpenedKey> => {
    const key = await openKey(relay, secretId);
    if (key.problem !== undefined) problems.push(key.problem);
    return key;
  };
  const keyOf = (secretId: string): Promise<OpenedKey> => {
    const key = keys.get(secretId) ?? openOnce(secretId);
    keys.set(secretId, key);
    return key;
  };
  const read = async (label: string): Promise<CompiledView | undefined> => {
    const kept = await bucket.find(keptViewKey(streamName, label));
    if (kept === undefined) return undefined;
    return viewOf(label, kept.body);
  };
  const open = async (label: string): Promise<OpenedView | undefined> => {
    const view = await read(label);
    if (view === undefined) return undefined;
    const { key, problem } = view.key === undefined ? noKey : await keyOf(view.key);
    const see = createSeer(view, problem === undefined ? key : placeholder);
    return { label, problem, changesMembers: changesMembers(view), see };
  };
  const secretIds = async (): Promise<ReadonlySet<string>> => {
    const found = new Set<string>();
    for await (const { key } of bucket.list(viewsPrefix(streamName))) {
      const label = readKeptViewKey(streamName, key);
      const view = label === undefined ? undefined : await read(label);
      if (view?.key !== undefined && changesMembers(view)) found.add(view.key);
    }
    return found;
  };
  return {
    problems: () => problems,
    open(label) {
      const view = opened.get(label) ?? open(label);
      opened.set(label, view);
      return view;
    },
    async keys() {
      try {
        return await Promise.all([...(await secretIds())].map(keyOf));
      } catch (error) {
        if (!(error instanceof Error && isDenied(error))) throw error;
        const problem = `the views of the stream cannot be read (${error.name})`;
        return [{ secretId: viewsPrefix(streamName), idOf: undefined, key: undefined, problem }];
      }
    },
  };
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

const noKey = { key: undefined, problem: undefined };
/** Tells which events a view leaves out, for which no key is needed. */
const placeholder: ViewKey = { id: 'none', secret: new Uint8Array(32) };

async function openKey({ connection }: DeployedRelay, secretId: string): Promise<OpenedKey> {
  const client = new SecretsManagerClient(connection);
  try {
    const key = await createViewKeys(client)(secretId);
    return { secretId, key, idOf: createKeyedIds(key), problem: undefined };
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    if (failsForAll(error.cause)) throw error.cause;
    const why = error.code === 'ViewKeyUnreadable' ? `cannot be read (${error.facts.error})` : 'is malformed';
    return { secretId, key: undefined, idOf: undefined, problem: `the key ${secretId} ${why}` };
  } finally {
    client.destroy();
  }
}
