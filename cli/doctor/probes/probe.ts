import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { call, type HttpAnswer, type HttpCall } from '../../../functions/object-copier/sinks/http-call.ts';
import type { Connection } from '../../access/deployed-relay.ts';
import { about, type Checked, type Finding } from '../check.ts';

/** Everything that a probe needs apart from its target. */
export interface ProbeContext {
  readonly connection: Connection;
  /** The account that the relay runs in; absent where it is unknown. */
  readonly account?: string;
  /** True if one marked test event may be sent where no other call proves the destination. */
  readonly mayWrite: boolean;
  now(): number;
}

const patienceMs = 10_000;

/** Makes a call. A failure of the network becomes a finding; the caller reads any answer. */
export async function reach(
  request: HttpCall,
  check: Checked,
  { mostText }: { readonly mostText?: number } = {},
): Promise<HttpAnswer | Finding> {
  const answer = await call(request, AbortSignal.timeout(patienceMs), mostText);
  if (answer.kind === 'answer') return answer;
  const { message } = answer;
  return check.failed(message.replace(/\.$/, ''), remedyOf(message, new URL(request.url).host));
}

export function isAnswer(found: HttpAnswer | Finding): found is HttpAnswer {
  return 'kind' in found;
}

function remedyOf(message: string, host: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(message))
    return `give ${host} a certificate of a public authority in its own name: Firehose takes no other`;
  if (/ENOTFOUND|EAI_AGAIN/.test(message)) return `see whether ${host} is spelled right`;
  return `see whether ${host} is up, and lets this machine and Firehose's addresses in`;
}

/** Reads one member of a secret, or gives a finding that names the secret's problem. No message holds a value. */
export async function readMember(
  { secretId, member }: { readonly secretId: string; readonly member: string },
  { connection }: ProbeContext,
  check: Checked,
): Promise<string | Finding> {
  const client = new SecretsManagerClient(connection);
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: secretId }))).SecretString;
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    return check.failed(
      `secret ${secretId} cannot be read (${name})`,
      `create it, or let these credentials read it`,
    );
  } finally {
    client.destroy();
  }
  const value = memberOf(text, member);
  return (
    value ?? check.failed(`secret ${secretId} has no ${member}`, `store {"${member}": "…"} in it, as JSON`)
  );
}

function memberOf(text: string | undefined, member: string): string | undefined {
  try {
    const value = (JSON.parse(text ?? '') as Record<string, unknown>)[member];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  } catch {
    return undefined;
  }
}

export function aboutDestination(stream: string, destination: string): Checked {
  return about(`destination ${stream}/${destination}`);
}
