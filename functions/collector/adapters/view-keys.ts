import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RelayError } from '../../relay-error.ts';
import type { ReadViewKey } from '../views/destination-view.ts';
import type { ViewKey } from '../views/view-key.ts';

/**
 * Reads keys of views from Secrets Manager. No error carries the secret.
 *
 * @param VersionStage the label of the version to read: `AWSPREVIOUS` is the one before the last rotation. A collector
 * reads the version of today alone
 */
export function createViewKeys(client: SecretsManagerClient, VersionStage?: 'AWSPREVIOUS'): ReadViewKey {
  return async (secretId) => {
    const text = await client.send(new GetSecretValueCommand({ SecretId: secretId, VersionStage })).then(
      ({ SecretString }) => SecretString,
      (error: unknown) => {
        const name = error instanceof Error ? error.name : 'unknown error';
        throw new RelayError(
          'ViewKeyUnreadable',
          `The key of a view, secret ${secretId}, could not be read (${name}). Its destinations get nothing until it can be.`,
          { facts: { secretId, error: name }, cause: error },
        );
      },
    );
    return parseViewKey(secretId, text);
  };
}

/**
 * Reads `{"id": "p1", "key": "<32 bytes or more, base64>"}`.
 *
 * @throws {RelayError} `ViewKeyMalformed`, naming the secret and what is wrong
 */
function parseViewKey(secretId: string, text: string | undefined): ViewKey {
  const { id, key } = membersOf(text);
  if (typeof id !== 'string' || !/^[A-Za-z0-9_-]{1,16}$/.test(id))
    throw malformed(secretId, 'it has no id of 1 to 16 letters, digits, _ and -');
  const secret = typeof key === 'string' ? Buffer.from(key, 'base64') : Buffer.alloc(0);
  // Node's decoder passes over what is no base64.
  if (secret.toString('base64') !== key) throw malformed(secretId, 'its key is not base64');
  if (secret.length < leastKeyBytes) throw malformed(secretId, `its key has ${secret.length} bytes`);
  return { id, secret };
}

const leastKeyBytes = 32;

function membersOf(text: string | undefined): { readonly id?: unknown; readonly key?: unknown } {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The parser's message quotes the text, which is the secret: it is not kept as a cause.
    return {};
  }
}

function malformed(secretId: string, what: string): RelayError {
  return new RelayError(
    'ViewKeyMalformed',
    `Secret ${secretId} must hold {"id": "…", "key": "<32 bytes or more, base64>"}, but ${what}. The destinations of its views get nothing until it does.`,
    { facts: { secretId } },
  );
}
