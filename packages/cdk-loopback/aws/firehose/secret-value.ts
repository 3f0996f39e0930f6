import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod/mini';
import type { DestinationContext } from './firehose-destination.ts';
import { flag, roleArn } from './properties.ts';

/** One field of a secret, read again every ten minutes. */
export interface SecretValue {
  /** @throws when the secret cannot be read, is not JSON, or has no such field; never with its value */
  read(): Promise<string>;
  close(): void;
}

/** A token written into the template is not known here on purpose: it would be readable by all who may describe. */
export const secretConfiguration = z.strictObject({
  Enabled: z.pipe(flag, z.literal(true)),
  SecretARN: z.string(),
  RoleARN: z.optional(roleArn),
});

/** "Firehose caches the secret and refreshes it every 10 minutes": an old token must stay valid that long. */
const cachedMs = 600_000;

/** @param source whose secret, read as which role, and which field of its JSON */
export function createSecretValue(
  source: { readonly secretArn: string; readonly roleArn: string; readonly field: string },
  context: DestinationContext,
): SecretValue {
  const client = new SecretsManagerClient({
    endpoint: context.gatewayUrl,
    region: context.region,
    credentials: context.credentialsOf(source.roleArn),
    maxAttempts: 1,
  });
  let cached: { readonly value: string; readonly until: number } | undefined;
  return {
    async read() {
      const now = context.clock.now();
      if (cached && now < cached.until) return cached.value;
      const answer = await client.send(new GetSecretValueCommand({ SecretId: source.secretArn }));
      cached = { value: fieldOf(answer.SecretString, source), until: now + cachedMs };
      return cached.value;
    },
    close: () => client.destroy(),
  };
}

function fieldOf(
  text: string | undefined,
  { secretArn, field }: { readonly secretArn: string; readonly field: string },
): string {
  let value: unknown;
  try {
    value = (JSON.parse(text ?? '') as Readonly<Record<string, unknown>> | null)?.[field];
  } catch {
    // The parser's message would quote the secret.
    throw new Error(`The secret ${secretArn} is not JSON.`);
  }
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`The secret ${secretArn} has no field ${field}.`);
}
