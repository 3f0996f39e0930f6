import { randomUUID } from 'node:crypto';
import type { AwsResponse } from './aws-answer.ts';

/** An error as an AWS service words it. */
export interface AwsError {
  readonly status: number;
  /** `AccessDenied`, `ResourceNotFoundException`, … */
  readonly code: string;
  readonly message: string;
}

/** Writes an error in its service's protocol: XML for S3 and the query protocol, JSON with `__type` for the others. */
export function errorAnswer(service: string, error: AwsError): AwsResponse {
  const requestId = randomUUID();
  const protocol = protocolOf(service);
  if (protocol === 's3') {
    const body =
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message><RequestId>${requestId}</RequestId></Error>`;
    const headers = { 'content-type': 'application/xml', 'x-amz-request-id': requestId };
    return { status: error.status, headers, body };
  }
  if (protocol === 'query') {
    const body =
      `<ErrorResponse><Error><Type>Sender</Type><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: { 'content-type': 'text/xml' }, body };
  }
  return {
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** Whose form a service's errors have. */
export type ErrorProtocol = 's3' | 'query' | 'rest-json' | 'json';

export function protocolOf(service: string): ErrorProtocol {
  return protocols[service] ?? 'json';
}

const protocols: Readonly<Record<string, ErrorProtocol>> = {
  s3: 's3',
  cloudformation: 'query',
  sts: 'query',
  sns: 'query',
  iam: 'query',
  lambda: 'rest-json',
  scheduler: 'rest-json',
};

/** Writes a success of a JSON protocol. */
export function jsonAnswer(output: unknown): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(output),
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** @param text that is to stand between tags */
export function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (character) => entities[character]!);
}
