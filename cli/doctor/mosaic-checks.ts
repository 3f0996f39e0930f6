import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createCredentialsReader } from '../../functions/mosaic/credentials.ts';
import { openMosaic } from '../../functions/mosaic/mosaic.ts';
import { obtainToken } from '../../functions/mosaic/token.ts';
import { createTokenCache } from '../../functions/mosaic/token-cache.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { Connection } from '../access/deployed-relay.ts';
import { about, type Finding } from './check.ts';
import type { MosaicAddress } from './subject.ts';

const timeoutMs = 20_000;

/** Checks the secret's form, and asks Mosaic for a token with it. No event is read. */
export async function checkMosaic(
  mosaic: MosaicAddress,
  connection: Connection,
): Promise<readonly Finding[]> {
  const secret = about('secret');
  const token = about('token');
  const client = new SecretsManagerClient(connection);
  const readCredentials = createCredentialsReader({ client, secretId: mosaic.secretId });
  const open = openMosaic({
    ...mosaic,
    readCredentials,
    tokens: createTokenCache(),
    now: Date.now,
    wireCapBytes: 0,
  });
  try {
    await readCredentials({ fresh: true });
    const found = secret.ok(`${mosaic.secretId} has client_id and client_secret`);
    const outcome = await obtainToken(open, { timeoutMs });
    if (outcome.kind === 'token') return [found, token.ok(`${mosaic.url} gives one for it`)];
    const remedy =
      outcome.reason === 'credential-refused'
        ? `put the id and secret of a management app of this tenant into ${mosaic.secretId}, and see that environment is right`
        : `see whether ${mosaic.url} can be reached from here`;
    return [found, token.failed(oneLine(outcome.message), remedy)];
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    const remedy =
      error.code === 'SecretMalformed'
        ? 'aws secretsmanager put-secret-value with {"client_id": "…", "client_secret": "…"}'
        : `aws secretsmanager create-secret --name …, or let these credentials read it`;
    return [
      secret.failed(oneLine(error.message), remedy),
      token.skipped('there is nothing to ask for it with'),
    ];
  } finally {
    open.close();
    client.destroy();
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
