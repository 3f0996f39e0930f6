import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { createViewKeys } from '../../../functions/collector/adapters/view-keys.ts';
import { RelayError } from '../../../functions/relay-error.ts';
import type { Connection } from '../../access/deployed-relay.ts';
import { about, type Finding } from '../check.ts';
import type { Subject } from '../subject.ts';
import { askSecret, type SecretFacts, simulate } from './ask-aws.ts';
import { judgePolicy } from './judge-policy.ts';
import { type StageRole, stageRoles } from './secret-readers.ts';

/**
 * Checks the keys of the stage's views: that each is there and has its form, and that no role of the stage may read it
 * but the collectors whose destinations have the view. `checkSecretReaders` asks whether these may.
 */
export async function checkViewKeys(subject: Subject): Promise<readonly Finding[]> {
  const { known, unknown } = viewKeys(subject);
  const roles = known.length === 0 ? [] : await stageRoles(subject);
  const findings = await Promise.all(
    known.map(async (key) => [
      await checkForm(key, subject.connection),
      await checkOthers(key, { subject, roles }),
    ]),
  );
  return [...unknown, ...findings.flat()];
}

interface ViewKeySecret {
  readonly secretId: string;
  /** Names of the views that have the key. */
  readonly views: Set<string>;
  /** Names of the streams whose collectors need it. */
  readonly streams: Set<string>;
}

function viewKeys({ streams }: Subject): {
  readonly known: readonly ViewKeySecret[];
  readonly unknown: readonly Finding[];
} {
  const known = new Map<string, ViewKeySecret>();
  const unknown: Finding[] = [];
  for (const { name: stream, label, views } of streams)
    for (const { name, secretId, unknown: why } of views) {
      if (why !== undefined) unknown.push(about(`key of view ${name} of stream ${label}`).skipped(why));
      if (secretId === undefined) continue;
      const key = known.get(secretId) ?? { secretId, views: new Set(), streams: new Set() };
      key.views.add(name);
      key.streams.add(stream);
      known.set(secretId, key);
    }
  return { known: [...known.values()], unknown };
}

function namesOf({ views }: ViewKeySecret): string {
  return [...views].join(', ');
}

/** Reads the key as a collector does. */
async function checkForm(key: ViewKeySecret, connection: Connection): Promise<Finding> {
  const { secretId } = key;
  const check = about(`key of view ${namesOf(key)}`);
  const put = `aws secretsmanager put-secret-value with {"id": "p1", "key": "<32 bytes or more, base64>"}, such as of openssl rand -base64 32`;
  const client = new SecretsManagerClient(connection);
  try {
    const { id, secret } = await createViewKeys(client)(secretId);
    const before = await createViewKeys(client, 'AWSPREVIOUS')(secretId).catch(noneBefore);
    if (before?.id === id && !Buffer.from(before.secret).equals(secret))
      return check.warning(
        `${secretId} has a new key under the id ${id} of the one before: neither pseudonyms nor lines tell the two apart`,
        'give the next key an id of its own',
      );
    return check.ok(`${secretId} has the id ${id} and a key of ${secret.length} bytes`);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    if (error.code === 'ViewKeyMalformed') return check.failed(error.message, put);
    const name = String(error.facts.error);
    if (/NotFound/.test(name))
      return check.failed(
        `there is no secret ${secretId}; the destinations of its views get nothing`,
        `create it: ${put}`,
      );
    const says = /AccessDenied/.test(name)
      ? `whether ${secretId} has the form of a key cannot be known: these credentials may not read it, and need not`
      : `whether ${secretId} has the form of a key cannot be known: its reading answered ${name}`;
    return check.warning(says, 'look for ViewKeyMalformed and ViewKeyUnreadable in the end lines of runs');
  } finally {
    client.destroy();
  }
}

/** A key that was never rotated has none before it, and a malformed one has made nothing. */
function noneBefore(error: unknown): undefined {
  if (!(error instanceof RelayError)) throw error;
}

/** Looks for others who may read the key: whoever has it can try values until a pseudonym comes out. */
async function checkOthers(
  key: ViewKeySecret,
  { subject, roles }: { readonly subject: Subject; readonly roles: readonly StageRole[] },
): Promise<Finding> {
  const check = about(`readers of the key of view ${namesOf(key)}`);
  const secret = await askSecret(key.secretId, subject.connection);
  if (!secret.known) return check.skipped(`they cannot be known: ${secret.why}`);
  const { policy } = secret.value;
  if (!policy.known) return check.skipped(`they cannot be known: ${policy.why}`);
  const remedy = 'let nobody read it but the collectors of destinations with the view';
  const readers = roles.filter(({ collects }) => collects !== undefined && key.streams.has(collects));
  const named = policy.value === undefined ? undefined : otherInPolicy(policy.value, readers, secret.value);
  if (named !== undefined) return check.warning(`the secret's policy lets ${named} read it`, remedy);
  const unasked: string[] = [];
  for (const { who, role } of roles.filter((each) => !readers.includes(each))) {
    const call = { role, action, resource: secret.value.arn, context: {} };
    const asked = await simulate(call, subject.connection);
    if (asked.known && asked.value.decision === 'allowed') return check.failed(`${who} may read it`, remedy);
    if (!asked.known) unasked.push(asked.why);
  }
  if (unasked.length > 0) return check.skipped(`they cannot be known: ${unasked[0]}`);
  const others = 'which principals of the account may by policies of their own, IAM does not tell';
  if (subject.relay === undefined)
    return check.skipped(`there are no roles before a first deploy; ${others}`);
  return check.ok(`no other role of these streams may read it; ${others}`);
}

const action = 'secretsmanager:GetSecretValue';

/** A principal beside the readers that the secret's own policy lets in; the account itself leaves it to its own policies. */
function otherInPolicy(
  policy: string,
  readers: readonly StageRole[],
  { arn: resource }: SecretFacts,
): string | undefined {
  const own = resource.split(':')[4] ?? '';
  return principalsIn(policy).find((principal) => {
    if (readers.some(({ role }) => role === principal)) return false;
    const account = /^\d{12}$/.exec(principal)?.[0] ?? principal.split(':')[4] ?? own;
    const isAccount = /^\d{12}$|:root$/.test(principal);
    const question = { action, resource, account, context: {}, ...(isAccount ? {} : { role: principal }) };
    const { kind } = judgePolicy(policy, question);
    return kind === 'allows' || kind === 'unclear' || (kind === 'leaves' && account !== own);
  });
}

function principalsIn(policy: string): readonly string[] {
  const { Statement = [] } = JSON.parse(policy) as {
    readonly Statement?: PolicyStatement | readonly PolicyStatement[];
  };
  return ([Statement].flat() as readonly PolicyStatement[])
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Principal }) =>
      typeof Principal === 'string' ? [Principal] : [Principal?.AWS ?? []].flat(),
    );
}

interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
}
