/**
 * A stand-in for AWS Secrets Manager, written here: GetSecretValue, DescribeSecret and GetResourcePolicy.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
import { createHash } from 'node:crypto';
import type { AwsAnswer } from './aws-answer.ts';
import type { AwsCall, ServiceStandIn } from './aws-call.ts';
import { errorAnswer, jsonAnswer } from './aws-error.ts';

export interface SecretsManagerStandIn extends ServiceStandIn {
  /**
   * Creates a secret, or rotates it: its value becomes AWSPREVIOUS, the new one AWSCURRENT.
   * @param id a name, or a complete ARN
   * @returns its complete ARN
   */
  put(id: string, value: string): string;
  /** The current value. @param id as GetSecretValue takes it. @throws when there is none */
  read(id: string): string;
  /** Sets the key and the policy of a secret that is there, of which it has neither at first. */
  describe(id: string, facts: { readonly key?: string; readonly policy?: unknown }): void;
  /** From now on it is not found. */
  remove(id: string): void;
}

export interface SecretsManagerOptions {
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
}

export function createSecretsManager(options: SecretsManagerOptions): SecretsManagerStandIn {
  const secrets = new Map<string, Secret>();
  const find = (id: string) => findSecret(secrets.values(), id);

  return {
    service: 'secretsmanager',
    operations: new Set(['GetSecretValue', 'DescribeSecret', 'GetResourcePolicy']),
    async handle(call): Promise<AwsAnswer> {
      if (call.operation !== 'GetSecretValue') {
        const described = find(String(call.input.SecretId));
        if (!described) return notFound("Secrets Manager can't find the specified secret.");
        const { arn: ARN, name: Name, key, policy } = described;
        if (call.operation === 'DescribeSecret') return jsonAnswer({ ARN, Name, KmsKeyId: key });
        const ResourcePolicy = policy === undefined ? undefined : JSON.stringify(policy);
        return jsonAnswer({ ARN, Name, ResourcePolicy });
      }
      const { SecretId, VersionId, VersionStage, ...unknown } = call.input;
      if (Object.keys(unknown).length > 0) return invalid(`Unknown: ${Object.keys(unknown).join(', ')}.`);
      if (typeof SecretId !== 'string' || SecretId === '') return invalid('SecretId is required.');
      const secret = find(SecretId);
      if (!secret) return notFound("Secrets Manager can't find the specified secret.");
      const version = findVersion(secret, VersionId, VersionStage);
      if (!version) return notFound("Secrets Manager can't find the specified secret value.");
      return jsonAnswer({
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        SecretString: version.value,
        VersionStages: [version === secret.versions[0] ? 'AWSCURRENT' : 'AWSPREVIOUS'],
        CreatedDate: version.createdAt / 1000,
      });
    },
    resourceOf: (call: AwsCall) => find(String(call.input.SecretId))?.arn ?? call.resource,
    put(id, value) {
      const secret = find(id) ?? newSecret(id, options);
      secret.rotations += 1;
      const version = {
        id: versionId(secret.arn, secret.rotations),
        value,
        createdAt: options.now(),
      };
      secret.versions = [version, ...secret.versions.slice(0, 1)];
      secrets.set(secret.arn, secret);
      return secret.arn;
    },
    read(id) {
      const value = find(id)?.versions[0]?.value;
      if (value === undefined) throw new Error(`There is no secret ${id} in the local Secrets Manager.`);
      return value;
    },
    describe(id, { key, policy }) {
      const secret = find(id);
      if (secret === undefined) throw new Error(`There is no secret ${id} in the local Secrets Manager.`);
      Object.assign(secret, { key, policy });
    },
    remove(id) {
      const secret = find(id);
      if (secret) secrets.delete(secret.arn);
    },
  };
}

interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly key?: string;
  readonly policy?: unknown;
  rotations: number;
  /** Newest first, two at most. */
  versions: readonly SecretVersion[];
}

interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

/** By complete ARN, by ARN without the random suffix, or by name. */
function findSecret(secrets: Iterable<Secret>, id: string): Secret | undefined {
  for (const secret of secrets) {
    if (id === secret.arn || id === secret.name || id === secret.arn.slice(0, -7)) return secret;
  }
  return undefined;
}

function findVersion(secret: Secret, id: unknown, stage: unknown): SecretVersion | undefined {
  const byStage = stage === 'AWSPREVIOUS' ? secret.versions[1] : secret.versions[0];
  if (id === undefined) return stage === undefined || isStage(stage) ? byStage : undefined;
  const byId = secret.versions.find((version) => version.id === id);
  return stage === undefined || byId === byStage ? byId : undefined;
}

function isStage(stage: unknown): boolean {
  return stage === 'AWSCURRENT' || stage === 'AWSPREVIOUS';
}

/** The suffix is six characters that the service draws; here they follow from the name, so that runs agree. */
function newSecret(id: string, options: SecretsManagerOptions): Secret {
  if (!id.startsWith('arn:')) {
    const suffix = createHash('sha256').update(id).digest('hex').slice(0, 6);
    const arn = `arn:aws:secretsmanager:${options.region}:${options.accountId}:secret:${id}-${suffix}`;
    return { arn, name: id, rotations: 0, versions: [] };
  }
  const name = /^arn:aws[\w-]*:secretsmanager:[^:]+:\d{12}:secret:(.+)-[A-Za-z0-9]{6}$/.exec(id)?.[1];
  if (!name)
    throw new Error(`${id} is not the complete ARN of a secret, which ends in six random characters.`);
  return { arn: id, name, rotations: 0, versions: [] };
}

/** Looks like a UUID, as the service's version ids do. */
function versionId(arn: string, rotation: number): string {
  const hex = createHash('sha256').update(`${arn} ${rotation}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function notFound(message: string): AwsAnswer {
  return errorAnswer('secretsmanager', { status: 400, code: 'ResourceNotFoundException', message });
}

function invalid(message: string): AwsAnswer {
  return errorAnswer('secretsmanager', { status: 400, code: 'InvalidParameterException', message });
}
