import { randomUUID } from 'node:crypto';
import type { AwsResponse } from '../aws-answer.ts';
import { escapeXml } from '../aws-error.ts';

/**
 * A success of the query protocol.
 *
 * @param result its members, a list as the `member` elements that the protocol makes of it
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryAnswer(operation: string, result: Readonly<Record<string, unknown>>): AwsResponse {
  const requestId = randomUUID();
  const body =
    `<${operation}Response><${operation}Result>${elements(result)}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

function elements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${text(value)}</${name}>`))
    .join('');
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map((each) => `<member>${text(each)}</member>`).join('');
  if (typeof value === 'object' && value !== null) return elements(value as Record<string, unknown>);
  return escapeXml(String(value));
}
