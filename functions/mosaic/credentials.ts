import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RelayError } from '../relay-error.ts';

/** The Mosaic client (a management app) that tokens are asked for with. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** `fresh` reads the secret again, so that a rotated one is picked up; otherwise the last one read may be given. */
export type ReadCredentials = (options: { readonly fresh: boolean }) => Promise<Credentials>;

/**
 * Reads the credentials from Secrets Manager, keeping them until they are asked for fresh.
 *
 * @param options.secretId ARN or name of the secret
 * @returns a reader that throws RelayError `SecretUnreadable` or `SecretMalformed`, with the id and never the value
 */
export function createCredentialsReader(options: {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
}): ReadCredentials {
  let kept: Credentials | undefined;
  return async ({ fresh }) => {
    if (kept !== undefined && !fresh) return kept;
    kept = parseCredentials(options.secretId, await readSecret(options.client, options.secretId));
    return kept;
  };
}

/**
 * Reads `{"client_id": "…", "client_secret": "…"}`; other members are ignored.
 *
 * @throws {RelayError} `SecretMalformed`, naming the secret and what is missing
 */
export function parseCredentials(secretId: string, text: string | undefined): Credentials {
  const value = parseObject(text);
  if (value === undefined) throw malformed(secretId, 'it is not a JSON object');
  const missing = ['client_id', 'client_secret'].filter((name) => !isFilled(value[name]));
  if (missing.length > 0) throw malformed(secretId, `it has no ${missing.join(' and no ')}`);
  return { clientId: String(value.client_id).trim(), clientSecret: String(value.client_secret).trim() };
}

async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string | undefined> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    return answer.SecretString;
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    throw new RelayError(
      'SecretUnreadable',
      `Secret ${secretId} could not be read (${name}). Nothing is collected until it can be: check its name, region and the permissions on it and its key.`,
      { facts: { secretId, error: name }, cause: error },
    );
  }
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // The parser's message quotes the text, which is the secret: it is not kept as a cause.
    return undefined;
  }
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

function malformed(secretId: string, what: string): RelayError {
  return new RelayError(
    'SecretMalformed',
    `Secret ${secretId} must hold {"client_id": "…", "client_secret": "…"}, but ${what}. Nothing is collected until it does.`,
    { facts: { secretId } },
  );
}
