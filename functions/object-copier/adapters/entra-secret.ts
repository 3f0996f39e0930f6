import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { entraSecret } from '../contract.ts';
import type { ReadEntraSecret } from '../sinks/entra-tokens.ts';
import { awsFailure } from './aws-failure.ts';

/** Reads `{"tenant_id","client_id","client_secret"}` by the secret's id. No message repeats a part of the secret. */
export function readEntraSecret(secrets: SecretsManagerClient, id: string): ReadEntraSecret {
  return async (signal) => {
    try {
      const { SecretString: text } = await secrets.send(new GetSecretValueCommand({ SecretId: id }), {
        abortSignal: signal,
      });
      const secret = entraSecret.safeParse(parse(text ?? ''));
      if (secret.success) return { kind: 'secret', secret: secret.data };
      const problem = 'needs tenant_id, client_id and client_secret, each a text';
      return { kind: 'refused', message: `The secret ${id} ${problem}. The message waits.` };
    } catch (error) {
      return awsFailure(error, 'Secrets Manager');
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
