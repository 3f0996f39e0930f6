import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { explainingFailure } from '../../access/explain-failure.ts';
import type { Subject } from '../subject.ts';
import type { Target } from '../targets.ts';

/** A role that reads a secret while the relay runs. */
export interface SecretReader {
  /** `stream cis`, `destination cis/splunk`. */
  readonly of: string;
  /** `the collector's role`. */
  readonly who: string;
  readonly secretId: string;
  /** The role's ARN; absent before a first deploy. */
  readonly role?: string;
  /** The key that the settings name beside the secret, before a first deploy. */
  readonly secretKey?: string;
}

/** Every role of the subject that reads a secret, in the order of streams and destinations. */
export async function secretReaders(subject: Subject): Promise<readonly SecretReader[]> {
  const roleOf = await functionRoles(subject);
  return subject.streams.flatMap(({ name, label, targets, views }) => [
    {
      of: `stream ${label}`,
      who: "the collector's role",
      secretId: subject.mosaic.secretId,
      ...roleOf(collectorOf(subject, name)),
      ...given(subject.secretKey),
    },
    ...views.flatMap(({ name: view, secretId, secretKey }) =>
      secretId === undefined
        ? []
        : [
            {
              of: `view ${view} of stream ${label}`,
              who: "the collector's role",
              secretId,
              ...roleOf(collectorOf(subject, name)),
              ...given(secretKey),
            },
          ],
    ),
    ...targets.flatMap((target) => {
      const secretId = secretOf(target);
      if (secretId === undefined) return [];
      const of = `destination ${label}/${target.name}`;
      const rest = { of, secretId, ...given(target.secretKey) };
      if (target.copied === true)
        return [{ ...rest, who: "the copier's role", ...roleOf(copierOf(subject, name, target.name)) }];
      const role = target.role === undefined ? {} : { role: target.role };
      return [{ ...rest, who: "Firehose's role", ...role }];
    }),
  ]);
}

/** A role of the examined streams. */
export interface StageRole {
  /** `Firehose's role of destination cis/splunk`. */
  readonly who: string;
  readonly role: string;
  /** The stream that a collector's role collects. */
  readonly collects?: string;
}

/** Every role of the examined streams; none before a first deploy. */
export async function stageRoles(subject: Subject): Promise<readonly StageRole[]> {
  const roleOf = await functionRoles(subject);
  const roles = subject.streams.flatMap(({ name, label, targets }) => [
    {
      who: `the collector's role of stream ${label}`,
      collects: name,
      ...roleOf(collectorOf(subject, name)),
    },
    ...targets.flatMap(({ name: target, role }) => [
      { who: `Firehose's role of destination ${label}/${target}`, ...(role === undefined ? {} : { role }) },
      {
        who: `the copier's role of destination ${label}/${target}`,
        ...roleOf(copierOf(subject, name, target)),
      },
    ]),
  ]);
  return roles.flatMap(({ role, ...rest }) => (role === undefined ? [] : [{ ...rest, role }]));
}

function given(secretKey: string | undefined) {
  return secretKey === undefined ? {} : { secretKey };
}

function secretOf(target: Target): string | undefined {
  if (target.protocol !== 'unprobed') return 'secretId' in target ? target.secretId : undefined;
  return target.secret?.readByDeploy === true ? undefined : target.secret?.secretId;
}

function collectorOf({ relay }: Subject, stream: string): string | undefined {
  return relay?.streams.find(({ name }) => name === stream)?.functionName;
}

function copierOf({ relay }: Subject, stream: string, destination: string): string | undefined {
  return relay?.streams
    .find(({ name }) => name === stream)
    ?.destinations.find(({ name }) => name === destination)?.copier?.functionName;
}

/** Finds the role of a function by its name; nothing before a first deploy. */
async function functionRoles({ relay, connection, place }: Subject) {
  const names = (relay?.streams ?? []).flatMap(({ functionName, destinations }) => [
    functionName,
    ...destinations.flatMap(({ copier }) => copier?.functionName ?? []),
  ]);
  const lambda = new LambdaClient(connection);
  try {
    const found = await Promise.all(
      names.map(async (name) => {
        const looked = { sought: `function ${name}`, where: place };
        const command = new GetFunctionConfigurationCommand({ FunctionName: name });
        const { Role: role } = await explainingFailure(looked, () => lambda.send(command));
        return [name, role] as const;
      }),
    );
    const roles = new Map(found);
    return (name: string | undefined): { readonly role?: string } => {
      const role = roles.get(name ?? '');
      return role === undefined ? {} : { role };
    };
  } finally {
    lambda.destroy();
  }
}
