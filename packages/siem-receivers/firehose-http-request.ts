import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { JsonFault, onlyValue } from './json-spans.ts';
import type { Call } from './loopback-server.ts';

/** One request of Firehose, with its records as bytes. */
export interface FirehoseRequest {
  readonly requestId: string;
  readonly timestamp: number;
  readonly sourceArn: string;
  readonly records: readonly Buffer[];
  readonly gzipped: boolean;
  /** As it came over the wire. */
  readonly bodyBytes: number;
}

export interface RequestRules {
  readonly now: number;
  readonly path?: string;
  readonly packing: 'lines' | 'single';
  readonly attributes?: Readonly<Record<string, string>>;
  readonly encoding?: 'gzip' | 'identity';
  readonly acceptsSource?: (deliveryStreamArn: string) => boolean;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const arn = /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[A-Za-z0-9_.-]{1,64}$/;
const knownHeaders = ['protocol-version', 'request-id', 'source-arn', 'access-key', 'common-attributes'];
const mostRecords = 10_000;
const mostRecordBytes = 1_024_000;
const mostBodyBytes = 64 * 1024 * 1024;
/** A request that is repeated keeps its time, for as long as Firehose tries. */
const oldestMs = 3 * 3_600_000;

/** Reads a request, or says which rule it breaks. */
export function readFirehoseRequest(call: Call, rules: RequestRules): FirehoseRequest | string {
  const { headers } = call;
  const problem = checkHeaders(call, rules);
  if (problem !== undefined) return problem;

  const gzipped = headers['content-encoding'] === 'gzip';
  const body = gzipped ? gunzip(call.body) : call.body;
  if (body === undefined) return 'the body is not gzip';
  if (body.length > mostBodyBytes) return `the body has ${body.length} bytes, above 64 MiB`;
  const content = parse(body);
  if (content === undefined) return 'the body is not a JSON object';
  const { requestId, timestamp, records, ...others } = content;
  if (Object.keys(others).length > 0) return `unknown member ${Object.keys(others)[0]}`;
  if (requestId !== headers['x-amz-firehose-request-id']) return 'requestId is not that of the header';
  if (!isTime(timestamp, rules.now))
    return `timestamp ${JSON.stringify(timestamp)} is not a recent number of milliseconds`;
  if (!Array.isArray(records) || records.length < 1 || records.length > mostRecords)
    return 'not 1 to 10,000 records';

  const decoded: Buffer[] = [];
  for (const [index, record] of records.entries()) {
    const data = readRecord(record, rules.packing);
    if (typeof data === 'string') return `record ${index} ${data}`;
    decoded.push(data);
  }
  const sourceArn = String(headers['x-amz-firehose-source-arn']);
  return {
    requestId: String(requestId),
    timestamp,
    sourceArn,
    records: decoded,
    gzipped,
    bodyBytes: call.body.length,
  };
}

function checkHeaders({ method, target, headers }: Call, rules: RequestRules): string | undefined {
  if (method !== 'POST') return `the method is ${method}`;
  if (target !== (rules.path ?? '/')) return `the path is ${target}`;
  const unknown = Object.keys(headers).find(
    (name) =>
      name.startsWith('x-amz-firehose-') && !knownHeaders.includes(name.slice('x-amz-firehose-'.length)),
  );
  if (unknown !== undefined) return `unknown header ${unknown}`;
  if (headers['x-amz-firehose-protocol-version'] !== '1.0') return 'the protocol version is not 1.0';
  if (!guid.test(String(headers['x-amz-firehose-request-id']))) return 'the request id is no GUID';
  const source = String(headers['x-amz-firehose-source-arn']);
  if (!arn.test(source) || rules.acceptsSource?.(source) === false) return `the source ARN is ${source}`;
  if (headers['content-type'] !== 'application/json') return `the content type is ${headers['content-type']}`;
  if (headers['content-length'] === undefined) return 'there is no content length';
  return checkEncoding(headers, rules) ?? checkAttributes(headers, rules);
}

function checkEncoding(headers: IncomingHttpHeaders, rules: RequestRules): string | undefined {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'gzip') return `the content encoding is ${encoding}`;
  if (rules.encoding === undefined || rules.encoding === (encoding ?? 'identity')) return undefined;
  return `the content encoding should be ${rules.encoding}`;
}

function checkAttributes(headers: IncomingHttpHeaders, rules: RequestRules): string | undefined {
  const given = headers['x-amz-firehose-common-attributes'];
  const wanted = Object.entries(rules.attributes ?? {});
  if (given === undefined) return wanted.length === 0 ? undefined : 'there are no common attributes';
  const content = parse(Buffer.from(String(given)));
  const { commonAttributes, ...others } = content ?? {};
  if (typeof commonAttributes !== 'object' || commonAttributes === null || Object.keys(others).length > 0) {
    return 'the common attributes have another form';
  }
  const found = Object.entries(commonAttributes);
  const same =
    found.length === wanted.length &&
    wanted.every(([name, value]) => found.some((one) => one[0] === name && one[1] === value));
  return same ? undefined : `the common attributes are ${JSON.stringify(commonAttributes)}`;
}

function readRecord(record: unknown, packing: 'lines' | 'single'): Buffer | string {
  const { data, ...others } = (record ?? {}) as { data?: unknown };
  if (typeof data !== 'string' || Object.keys(others).length > 0) return 'is not {"data":…}';
  const bytes = Buffer.from(data, 'base64');
  if (bytes.toString('base64') !== data) return 'is not base64';
  if (bytes.length > mostRecordBytes) return `has ${bytes.length} bytes, above 1,024,000`;
  // PutRecord takes a record without a byte.
  if (bytes.length === 0) return bytes;
  if (packing === 'lines') return bytes.at(-1) === 0x0a ? bytes : 'does not end its last line';
  try {
    onlyValue(bytes);
  } catch (error) {
    if (error instanceof JsonFault) return `is not one event: ${error.message}`;
    throw error;
  }
  return bytes.includes(0x0a) ? 'has a line break' : bytes;
}

function isTime(value: unknown, now: number): value is number {
  return Number.isSafeInteger(value) && Math.abs(now - Number(value)) < oldestMs;
}

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function gunzip(body: Buffer): Buffer | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: mostBodyBytes + 1 });
  } catch {
    return undefined;
  }
}
