import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Connection } from '../../access/deployed-relay.ts';
import { signedCall } from '../../access/signed-call.ts';

/** An answer of AWS, or the reason for which there is none. */
export type Asked<Value> =
  | { readonly known: true; readonly value: Value }
  | { readonly known: false; readonly why: string; readonly missing?: boolean };

export interface SecretFacts {
  readonly arn: string;
  /** Id, ARN or alias of its key; absent for the account's own `aws/secretsmanager`. */
  readonly key?: string;
  /** Its own policy, where it has one, or the reason for which that could not be read. */
  readonly policy: Asked<string | undefined>;
}

/** Reads a secret's description and policy. Its value is not read. */
export async function askSecret(secretId: string, connection: Connection): Promise<Asked<SecretFacts>> {
  const client = new SecretsManagerClient(connection);
  const id = { SecretId: secretId };
  try {
    const described = await asking('secretsmanager:DescribeSecret', () =>
      client.send(new DescribeSecretCommand(id)),
    );
    if (!described.known) return described;
    const { ARN: arn = secretId, KmsKeyId: key } = described.value;
    const policy = await asking(
      'secretsmanager:GetResourcePolicy',
      async () => (await client.send(new GetResourcePolicyCommand(id))).ResourcePolicy,
    );
    return { known: true, value: { arn, ...(key === undefined ? {} : { key }), policy } };
  } finally {
    client.destroy();
  }
}

async function asking<Value>(action: string, ask: () => Promise<Value>): Promise<Asked<Value>> {
  try {
    return { known: true, value: await ask() };
  } catch (error) {
    return unanswered(action, error instanceof Error ? error.name : 'unknown error');
  }
}

function unanswered(action: string, code: string) {
  const missing = /NotFound/.test(code);
  const why = /AccessDenied/.test(code)
    ? `these credentials may not call ${action}`
    : `${action} answered ${code}`;
  return { known: false, why, missing } as const;
}

export interface KeyFacts {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`. */
  readonly state: string;
  /** True for a key of the customer's own, false for one that AWS manages. */
  readonly customers: boolean;
  readonly policy: Asked<string>;
}

/** Reads a key's state and policy. */
export async function askKey(keyId: string, connection: Connection): Promise<Asked<KeyFacts>> {
  const described = await callKms('DescribeKey', { KeyId: keyId }, connection);
  if (!described.known) return described;
  const { Arn, KeyState, KeyManager } = described.value.KeyMetadata as Readonly<Record<string, string>>;
  const policy = await callKms('GetKeyPolicy', { KeyId: Arn, PolicyName: 'default' }, connection);
  return {
    known: true,
    value: {
      arn: Arn ?? keyId,
      state: KeyState ?? 'unknown',
      customers: KeyManager !== 'AWS',
      policy: policy.known ? { known: true, value: String(policy.value.Policy) } : policy,
    },
  };
}

async function callKms(
  operation: string,
  input: unknown,
  connection: Connection,
): Promise<Asked<Readonly<Record<string, unknown>>>> {
  const { region } = connection;
  const answer = await signedCall(
    {
      service: 'kms',
      region,
      host: `kms.${region}.amazonaws.com`,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${operation}`,
      },
      body: JSON.stringify(input),
    },
    connection,
  );
  if (answer.status === 200) return { known: true, value: JSON.parse(answer.text) };
  return unanswered(`kms:${operation}`, codeOf(/"__type" *: *"(?:[^"#]*#)?(\w+)"/, answer));
}

/** IAM's own judgement of one call of a role, by the role's policies, its boundary and the organization's policies. */
export interface Simulated {
  readonly decision: 'allowed' | 'implicitDeny' | 'explicitDeny';
  /** Condition keys of policies that IAM was not given. */
  readonly missing: readonly string[];
  /** True if the organization's policies do not allow the call, which nothing else makes up for. */
  readonly outsideOrganization: boolean;
}

/**
 * Asks IAM whether a role may make a call. Policies of the resource are no part of the answer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function simulate(
  call: {
    readonly role: string;
    readonly action: string;
    readonly resource: string;
    readonly context: Readonly<Record<string, string>>;
  },
  connection: Connection,
): Promise<Asked<Simulated>> {
  const form = new URLSearchParams({
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: call.role,
    'ActionNames.member.1': call.action,
    'ResourceArns.member.1': call.resource,
  });
  for (const [index, [key, value]] of Object.entries(call.context).entries()) {
    const entry = `ContextEntries.member.${index + 1}`;
    form.set(`${entry}.ContextKeyName`, key);
    form.set(`${entry}.ContextKeyType`, 'string');
    form.set(`${entry}.ContextKeyValues.member.1`, value);
  }
  const answer = await signedCall(
    {
      service: 'iam',
      region: 'us-east-1',
      host: 'iam.amazonaws.com',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: String(form),
    },
    connection,
  );
  const decision = /<EvalDecision>(allowed|implicitDeny|explicitDeny)<\/EvalDecision>/.exec(answer.text)?.[1];
  if (answer.status !== 200 || decision === undefined)
    return unanswered('iam:SimulatePrincipalPolicy', codeOf(/<Code>(\w+)<\/Code>/, answer));
  const missing = /<MissingContextValues>(.*?)<\/MissingContextValues>/s.exec(answer.text)?.[1] ?? '';
  return {
    known: true,
    value: {
      decision: decision as Simulated['decision'],
      outsideOrganization: /<AllowedByOrganizations>false</.test(answer.text),
      missing: [...missing.matchAll(/<member>([^<]+)<\/member>/g)].map(([, key]) => key!),
    },
  };
}

/** The error's code alone: messages name accounts and principals. */
function codeOf(form: RegExp, { status, text }: { readonly status: number; readonly text: string }): string {
  if (status === 0) return text;
  return form.exec(text)?.[1] ?? `status ${status}`;
}
