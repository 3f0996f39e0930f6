import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createViewKeys } from '../../functions/collector/adapters/view-keys.ts';
import { createKeyedIds } from '../../functions/collector/views/keyed-id.ts';
import type { ViewKey } from '../../functions/collector/views/view-key.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { DeployedRelay } from '../access/deployed-relay.ts';
import { failsForAll } from '../access/explain-failure.ts';

/** A key of views, or the reason why there is none to work with. */
export interface OpenedKey {
  /** The ARN of the secret, or the object of the bucket that should have named it. */
  readonly secretId: string;
  /** Gives the id in lines of the key's views for a raw id; undefined where the key cannot be used. */
  readonly idOf: ((rawId: string) => string) | undefined;
  readonly key: ViewKey | undefined;
  /** Why the key cannot be used. */
  readonly problem: string | undefined;
}

/**
 * Opens the keys that a secret holds: that of today first, then the one before its last rotation, if there is one. Secrets
 * Manager labels no older version, so lines of older keys cannot be made again.
 */
export async function openViewSecret(
  { connection }: Pick<DeployedRelay, 'connection'>,
  secretId: string,
): Promise<readonly OpenedKey[]> {
  const client = new SecretsManagerClient(connection);
  try {
    const today = await openKey(secretId, () => createViewKeys(client)(secretId));
    const before = await openKey(secretId, () => createViewKeys(client, 'AWSPREVIOUS')(secretId));
    return mayHaveMade(before, today) ? [today.opened, before.opened] : [today.opened];
  } finally {
    client.destroy();
  }
}

export function unusableKey(secretId: string, problem: string): OpenedKey {
  return { secretId, key: undefined, idOf: undefined, problem };
}

interface ReadKey {
  readonly opened: OpenedKey;
  /** Set where the key cannot be used. */
  readonly failure?: RelayError;
}

async function openKey(secretId: string, read: () => Promise<ViewKey>): Promise<ReadKey> {
  try {
    const key = await read();
    return { opened: { secretId, key, idOf: createKeyedIds(key), problem: undefined } };
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    if (failsForAll(error.cause)) throw error.cause;
    const why = error.code === 'ViewKeyUnreadable' ? `cannot be read (${error.facts.error})` : 'is malformed';
    return { opened: unusableKey(secretId, `the key ${secretId} ${why}`), failure: error };
  }
}

/** False for a version before that made no line of its own: none, a malformed one, or the key of today once more. */
function mayHaveMade({ opened, failure }: ReadKey, today: ReadKey): boolean {
  if (failure !== undefined)
    return (
      today.failure === undefined &&
      failure.code === 'ViewKeyUnreadable' &&
      failure.facts.error !== 'ResourceNotFoundException'
    );
  const [one, other] = [opened.key, today.opened.key];
  return one?.id !== other?.id || !Buffer.from(one!.secret).equals(other!.secret);
}
