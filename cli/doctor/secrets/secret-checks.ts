import { stackNameOf } from '../../../infra/config/names.ts';
import { about, type Checked, type Finding } from '../check.ts';
import type { Subject } from '../subject.ts';
import { type Asked, askKey, askSecret, type KeyFacts, type SecretFacts, simulate } from './ask-aws.ts';
import { judgePolicy, type PolicyQuestion } from './judge-policy.ts';
import { type SecretReader, secretReaders } from './secret-readers.ts';

/**
 * Checks that each role can read its secret and decrypt with the secret's key. The operator's own reading of a secret
 * shows neither. The role's policies are IAM's to judge; the policies of secret and key are read and judged here, since
 * IAM's simulation of a role leaves them out. Before a first deploy the settings stand for the role.
 */
export async function checkSecretReaders(subject: Subject): Promise<readonly Finding[]> {
  const readers = await secretReaders(subject);
  const secrets = remembered((id: string) => askSecret(id, subject.connection));
  const keys = remembered((id: string) => askKey(id, subject.connection));
  return Promise.all(readers.map((reader) => checkReader({ reader, subject, secrets, keys })));
}

interface Look {
  readonly reader: SecretReader;
  readonly subject: Subject;
  readonly secrets: (id: string) => Promise<Asked<SecretFacts>>;
  readonly keys: (id: string) => Promise<Asked<KeyFacts>>;
}

/** Each question once, however many roles it is about. */
function remembered<Value>(ask: (id: string) => Promise<Value>): (id: string) => Promise<Value> {
  const answers = new Map<string, Promise<Value>>();
  return (id) => {
    const answer = answers.get(id) ?? ask(id);
    answers.set(id, answer);
    return answer;
  };
}

/** One thing that was learnt: a refusal, something that cannot be known, or nothing to say. */
type Learnt =
  | { readonly kind: 'refused' | 'unknown'; readonly says: string; readonly remedy: string }
  | undefined;

async function checkReader(look: Look): Promise<Finding> {
  const { reader, secrets, keys } = look;
  const check = about(`secret of ${reader.of}`);
  const secret = await secrets(reader.secretId);
  if (!secret.known) {
    if (secret.missing === true) return check.skipped(`there is no secret ${nameOf(reader)}`);
    const says = `whether ${reader.who} can read secret ${nameOf(reader)} cannot be known: ${secret.why}`;
    return check.warning(says, 'ask again with credentials that may');
  }
  const reading = await mayRead(look, secret.value);
  if (secret.value.key === undefined && isForeign(look, secret.value.arn)) {
    const says = `secret ${nameOf(reader)} is another account's and under AWS's own key there, which ${reader.who} cannot use`;
    return check.failed(
      says,
      'put it under a key of that account whose policy lets this account in, or keep it here',
    );
  }
  if (secret.value.key === undefined)
    return concluded(check, [reading], `${reader.who} may read it; it is under AWS's own key`);
  const key = await keys(secret.value.key);
  if (!key.known) {
    const says = `whether ${reader.who} may decrypt with its key ${secret.value.key} cannot be known: ${key.why}`;
    const remedy = 'ask again with credentials that may';
    return concluded(check, [reading, { kind: 'unknown', says, remedy }], '');
  }
  if (!key.value.customers)
    return concluded(check, [reading], `${reader.who} may read it; it is under AWS's own key`);
  const decrypting = await mayDecrypt(look, secret.value, key.value);
  return concluded(
    check,
    [reading, decrypting],
    `${reader.who} may read it, and decrypt with its key ${key.value.arn}`,
  );
}

function concluded(check: Checked, learnt: readonly Learnt[], well: string): Finding {
  const refusal = learnt.find((each) => each?.kind === 'refused');
  if (refusal !== undefined) return check.failed(refusal.says, refusal.remedy);
  const unknown = learnt.find((each) => each?.kind === 'unknown');
  return unknown === undefined ? check.ok(well) : check.warning(unknown.says, unknown.remedy);
}

async function mayRead(look: Look, secret: SecretFacts): Promise<Learnt> {
  const { reader, subject } = look;
  const { policy } = secret;
  const action = 'secretsmanager:GetSecretValue';
  if (!policy.known) {
    const says = `whether the policy of secret ${nameOf(reader)} lets ${reader.who} in cannot be known: ${policy.why}`;
    return { kind: 'unknown', says, remedy: 'ask again with credentials that may' };
  }
  const verdict =
    policy.value === undefined
      ? undefined
      : judgePolicy(policy.value, questionOf(look, { action, resource: secret.arn }));
  if (verdict?.kind === 'denies' || verdict?.kind === 'unclear')
    return statementSays(verdict, `the policy of secret ${nameOf(reader)}`, reader.who);
  // Across accounts both sides must allow.
  const foreign = isForeign(look, secret.arn);
  if (foreign && (verdict === undefined || verdict.kind === 'silent')) {
    const says = `secret ${nameOf(reader)} is another account's, and its policy does not let ${reader.who} in`;
    return { kind: 'refused', says, remedy: `allow ${action} there to the role, or to this account` };
  }
  if (reader.role === undefined) return undefined;
  const asked = await simulate(
    { role: reader.role, action, resource: secret.arn, context: {} },
    subject.connection,
  );
  if (verdict?.kind === 'allows' && !foreign && !isDenied(asked)) return undefined;
  return roleSays(asked, {
    who: reader.who,
    what: `read secret ${nameOf(reader)}`,
    remedy: 'see that the settings name this secret, and deploy',
  });
}

async function mayDecrypt(look: Look, secret: SecretFacts, key: KeyFacts): Promise<Learnt> {
  const { reader, subject } = look;
  const name = `key ${key.arn} of secret ${nameOf(reader)}`;
  if (key.state !== 'Enabled')
    return {
      kind: 'refused',
      says: `${name} is ${key.state}`,
      remedy: 'enable it: nobody can read the secret',
    };
  if (!key.policy.known) {
    const says = `whether the policy of ${name} lets ${reader.who} in cannot be known: ${key.policy.why}`;
    return { kind: 'unknown', says, remedy: 'ask again with credentials that may' };
  }
  const via = `secretsmanager.${subject.connection.region}.amazonaws.com`;
  const context = { 'kms:viaservice': via, 'kms:encryptioncontext:secretarn': secret.arn };
  const question = questionOf(look, { action: 'kms:Decrypt', resource: key.arn, context });
  const verdict = judgePolicy(key.policy.value, question);
  if (verdict.kind === 'denies' || verdict.kind === 'unclear')
    return statementSays(verdict, `the policy of ${name}`, reader.who);
  if (verdict.kind === 'silent') {
    const says = `the policy of ${name} does not let ${reader.who} decrypt`;
    const remedy = `allow kms:Decrypt there to arn:aws:iam::${question.account}:root, with kms:ViaService ${via}`;
    return { kind: 'refused', says, remedy };
  }
  const isEnough = verdict.kind === 'allows' && !isForeign(look, key.arn);
  if (isEnough && reader.role === undefined) return undefined;
  const remedy = `give secretKey: '${key.arn}' beside this secret in the settings, and deploy`;
  const what = `decrypt with ${name}`;
  if (reader.role === undefined)
    return reader.secretKey === key.arn
      ? undefined
      : { kind: 'refused', says: `${reader.who} would not be allowed to ${what}`, remedy };
  const asked = await simulate(
    { role: reader.role, action: 'kms:Decrypt', resource: key.arn, context: { 'kms:ViaService': via } },
    subject.connection,
  );
  return isEnough && !isDenied(asked) ? undefined : roleSays(asked, { who: reader.who, what, remedy });
}

/** True where a denial, such as one of the organization's policies, overrules a secret's or key's policy that allows. */
function isDenied(asked: Awaited<ReturnType<typeof simulate>>): boolean {
  return asked.known && (asked.value.decision === 'explicitDeny' || asked.value.outsideOrganization);
}

/** Without what an ARN has before the name, for messages. */
function nameOf({ secretId }: SecretReader): string {
  return secretId.slice(secretId.lastIndexOf(':') + 1);
}

/** True of what lies in another account than the caller's. A local run has one account, which holds every secret. */
function isForeign(look: Look, arn: string): boolean {
  if (look.subject.local) return false;
  const account = accountOf(look);
  const owner = arn.split(':')[4];
  return account !== '' && owner !== undefined && owner !== '' && owner !== account;
}

function accountOf({ reader, subject }: Look): string {
  return subject.account ?? reader.role?.split(':')[4] ?? reader.secretId.split(':')[4] ?? '';
}

function questionOf(
  look: Look,
  {
    action,
    resource,
    context = {},
  }: Pick<PolicyQuestion, 'action' | 'resource'> & Partial<Pick<PolicyQuestion, 'context'>>,
): PolicyQuestion {
  const { reader, subject } = look;
  const account = accountOf(look);
  return {
    action,
    resource,
    account,
    ...(reader.role === undefined ? {} : { role: reader.role }),
    context: {
      ...context,
      'kms:calleraccount': account,
      'aws:principalaccount': account,
      'aws:principaltype': 'AssumedRole',
      'aws:principaltag/relaystack': stackNameOf(subject.stage),
      'aws:securetransport': 'true',
      'aws:requestedregion': subject.connection.region,
      ...(reader.role === undefined ? {} : { 'aws:principalarn': reader.role }),
    },
  };
}

function statementSays(
  { kind, statement }: { readonly kind: 'denies' | 'unclear'; readonly statement: string },
  where: string,
  who: string,
): Learnt {
  if (kind === 'denies')
    return {
      kind: 'refused',
      says: `${where} denies it to ${who}: ${statement}`,
      remedy: `except the role from that statement`,
    };
  return {
    kind: 'unknown',
    says: `whether ${where} lets ${who} in cannot be known: ${statement} asks for something that only AWS knows`,
    remedy: 'read that statement',
  };
}

/** IAM's judgement of the role itself, as a finding. */
function roleSays(
  asked: Awaited<ReturnType<typeof simulate>>,
  { who, what, remedy }: { readonly who: string; readonly what: string; readonly remedy: string },
): Learnt {
  if (!asked.known) {
    const says = `whether ${who} is allowed to ${what} cannot be known: ${asked.why}`;
    return { kind: 'unknown', says, remedy: 'ask again with credentials that may' };
  }
  const { decision, missing, outsideOrganization } = asked.value;
  if (decision === 'allowed') return undefined;
  if (decision === 'explicitDeny' || outsideOrganization)
    return {
      kind: 'refused',
      says: `${who} is denied to ${what}`,
      remedy: "see the role's boundary and the organization's policies",
    };
  if (missing.length > 0) {
    const says = `whether ${who} is allowed to ${what} cannot be known: policies ask for ${missing.join(', ')}`;
    return { kind: 'unknown', says, remedy: 'read those policies' };
  }
  return { kind: 'refused', says: `${who} is not allowed to ${what}`, remedy };
}
