import { CommandError } from '../command.ts';
import type { Connection } from './deployed-relay.ts';
import { type SignedAnswer, signedCall } from './signed-call.ts';

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
  if (answer.status === 200)
    return [...answer.text.matchAll(/<member>([^<]*)<\/member>/g)].map(([, name = '']) => name);
  const code = /<Code>(\w+)<\/Code>/.exec(answer.text)?.[1];
  if (code === 'NoSuchEntity') return undefined;
  throw refused(`iam:${operation}`, answer, [code, /<Message>([^<]*)<\/Message>/.exec(answer.text)?.[1]]);
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
