import type { SignedAnswer } from '../../functions/post-signed.ts';
import { CommandError } from '../command.ts';
import type { Connection } from './deployed-relay.ts';
import { signedCall } from './signed-call.ts';

/**
 * Calls IAM, whose signature's region is always `us-east-1`.
 *
 * @returns the names that the answer lists; undefined where IAM knows no such thing
 * @throws {CommandError} with IAM's own words where it refuses
 */
export async function callIam(
  connection: Connection,
  operation: string,
  input: Readonly<Record<string, string>>,
): Promise<readonly string[] | undefined> {
  const text = await askIam(connection, operation, input);
  return text === undefined
    ? undefined
    : [...text.matchAll(/<member>([^<]*)<\/member>/g)].map(([, name = '']) => name);
}

/**
 * Finds the role that a resource may assume, by the role's trust policy. A role's own name does not tell, since
 * CloudFormation makes it up.
 *
 * @param resource the end of the ARN that the trust policy asks for, such as `deliverystream/name`
 */
export async function roleTrusting(connection: Connection, resource: string): Promise<string | undefined> {
  let marker: string | undefined;
  do {
    const page = { MaxItems: '1000', ...(marker !== undefined && { Marker: marker }) };
    const text = (await askIam(connection, 'ListRoles', page)) ?? '';
    for (const [, role = ''] of text.matchAll(/<member>(.*?)<\/member>/gs)) {
      const trust = decodeURIComponent(elementOf(role, 'AssumeRolePolicyDocument') ?? '');
      if (trust.includes(`:${resource}"`)) return elementOf(role, 'RoleName');
    }
    marker = elementOf(text, 'Marker');
  } while (marker !== undefined);
  return undefined;
}

function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

async function askIam(
  connection: Connection,
  operation: string,
  input: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const answer = await signedCall(
    {
      service: 'iam',
      region: 'us-east-1',
      host: 'iam.amazonaws.com',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: String(new URLSearchParams({ Action: operation, Version: '2010-05-08', ...input })),
    },
    connection,
  );
  if (answer.status === 200) return answer.text;
  const code = elementOf(answer.text, 'Code');
  if (code === 'NoSuchEntity') return undefined;
  throw refused(`iam:${operation}`, answer, [code, elementOf(answer.text, 'Message')]);
}

/** Deletes a log group; one that is not there is deleted already. @throws {CommandError} where Logs refuses */
export async function deleteLogGroup(connection: Connection, name: string): Promise<void> {
  const answer = await signedCall(
    {
      service: 'logs',
      region: connection.region,
      host: `logs.${connection.region}.amazonaws.com`,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.DeleteLogGroup',
      },
      body: JSON.stringify({ logGroupName: name }),
    },
    connection,
  );
  if (answer.status === 200) return;
  const code = /"__type" *: *"(?:[^"#]*#)?(\w+)"/.exec(answer.text)?.[1];
  if (code === 'ResourceNotFoundException') return;
  throw refused('logs:DeleteLogGroup', answer, [code, /"message" *: *"([^"]*)"/.exec(answer.text)?.[1]]);
}

function refused(
  action: string,
  { status, text }: SignedAnswer,
  said: readonly (string | undefined)[],
): CommandError {
  const words = status === 0 ? text : said.filter((part) => part !== undefined).join(': ');
  return new CommandError(
    `${action} failed: ${words || `HTTP ${status}`}; run it again when that is right`,
    1,
  );
}
