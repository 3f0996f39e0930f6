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
  return subject.streams.flatMap(({ name, label, targets }) => [
    {
      of: `stream ${label}`,
      who: "the collector's role",
      secretId: subject.mosaic.secretId,
      ...roleOf(subject.relay?.streams.find((each) => each.name === name)?.functionName),
      ...given(subject.secretKey),
    },
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

function given(secretKey: string | undefined) {
  return secretKey === undefined ? {} : { secretKey };
}

function secretOf(target: Target): string | undefined {
  if (target.protocol !== 'unprobed') return 'secretId' in target ? target.secretId : undefined;
  return target.secret?.readByDeploy === true ? undefined : target.secret?.secretId;
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
