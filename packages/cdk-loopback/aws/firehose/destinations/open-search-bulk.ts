import { createHash } from 'node:crypto';
import type { Credentials } from '../../identities.ts';
import type { DestinationContext, StoredRecord } from '../firehose-destination.ts';
import type { HttpAttempts, HttpOutcome } from '../http-attempt.ts';
import type { Pause } from '../paced.ts';
import type { Failure } from '../retry.ts';

/** Writes documents by `_bulk`. */
export interface Bulk {
  write(records: readonly StoredRecord[], index: string, pause: Pause): Promise<BulkResult>;
}

export interface BulkTarget {
  readonly base: string;
  readonly roleArn: string;
  readonly service: 'es' | 'aoss';
  /** Each record's document keeps one id over all tries, so that a repeated one is no second document. */
  readonly stableIds: boolean;
}

/** Every record that was written is in exactly one of the three. */
export interface BulkResult {
  readonly taken: readonly StoredRecord[];
  /** Never to be tried again. */
  readonly refused: readonly { readonly record: StoredRecord; readonly failure: Failure }[];
  /** To be tried again, because of `failure`. */
  readonly open: readonly StoredRecord[];
  readonly failure?: Failure;
}

const answerMs = 180_000;

/** @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/ */
export function createBulk(
  target: BulkTarget,
  { context, attempts }: { readonly context: DestinationContext; readonly attempts: HttpAttempts },
): Bulk {
  const credentials = context.credentialsOf(target.roleArn);
  return {
    async write(records, index, pause) {
      const body = bulkBody(records, target.stableIds);
      const headers = {
        'content-type': 'application/x-ndjson',
        ...signature(body, credentials, `${context.region}/${target.service}`, context.clock.now()),
      };
      const url = `${target.base}/${index}/_bulk`;
      const outcome = await attempts.send({ method: 'POST', url, headers, body, timeoutMs: answerMs }, pause);
      return readOutcome(outcome, records);
    },
  };
}

function bulkBody(records: readonly StoredRecord[], stableIds: boolean): Buffer {
  const newline = Buffer.from('\n');
  const parts = records.flatMap((record) => [
    Buffer.from(`${JSON.stringify({ index: stableIds ? { _id: record.id } : {} })}\n`),
    record.data,
    newline,
  ]);
  return Buffer.concat(parts);
}

/** Names the caller as SigV4 does. The signature is not computed: receivers do not have the key to verify it. */
function signature(
  body: Buffer,
  credentials: Credentials,
  scope: string,
  now: number,
): Record<string, string> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const credential = `${credentials.accessKeyId}/${date.slice(0, 8)}/${scope}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    'x-amz-date': date,
    'x-amz-security-token': credentials.sessionToken,
    'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
  };
}

interface BulkAnswer {
  readonly items: readonly Readonly<Record<string, BulkItem>>[];
}

interface BulkItem {
  readonly status: number;
  readonly error?: unknown;
}

function readOutcome(outcome: HttpOutcome, records: readonly StoredRecord[]): BulkResult {
  const failWhole = (message: string): BulkResult => {
    return { taken: [], refused: [], open: records, failure: { code: 'OS.ServiceException', message } };
  };
  if (outcome.kind === 'too-large') return failWhole('The response was too large.');
  if (outcome.kind === 'failed') return failWhole(outcome.message);
  const text = outcome.body.toString('utf8');
  if (outcome.status !== 200) return failWhole(`Status ${outcome.status}: ${text.slice(0, 1024)}`);
  const items = readItems(text);
  if (!items) return failWhole('The response has no items.');
  const results = records.map((record, at) => ({ record, item: Object.values(items[at] ?? {})[0] }));
  const open = results.filter(({ item }) => item === undefined || isBusy(item.status));
  return {
    taken: results.filter(({ item }) => item && item.status < 300).map(({ record }) => record),
    refused: results.flatMap(({ record, item }) =>
      item && item.status >= 300 && !isBusy(item.status) ? [{ record, failure: refusal(item) }] : [],
    ),
    open: open.map(({ record }) => record),
    failure:
      open.length > 0
        ? { code: 'OS.ServiceException', message: `${open.length} documents failed.` }
        : undefined,
  };
}

function readItems(text: string): BulkAnswer['items'] | undefined {
  try {
    const { items } = JSON.parse(text) as Partial<BulkAnswer>;
    return Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

function isBusy(status: number): boolean {
  return status === 429 || status >= 500;
}

function refusal(item: BulkItem): Failure {
  return { code: String(item.status), message: JSON.stringify(item.error).slice(0, 1024), permanent: true };
}
