import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { FauxqsServer } from 'fauxqs';
import type { AwsAnswer, AwsCall, ServiceStandIn } from './aws-call.ts';
import { type AwsError, errorAnswer } from './aws-error.ts';
import { createForwarder } from './forward.ts';

/** S3 of the local run: fauxqs, behind checks of its own where fauxqs is silent. */
export interface S3StandIn extends ServiceStandIn {
  /** Creating a bucket that exists does nothing. */
  createBucket(name: string): void;
  close(): void;
}

/** @param fauxqs stays the caller's to stop */
export function createS3(fauxqs: FauxqsServer): S3StandIn {
  const forwarder = createForwarder(fauxqs.port);
  return {
    service: 's3',
    operations,
    async handle(call): Promise<AwsAnswer> {
      const problem = call.operation === 'PutObject' ? problemOf(call) : undefined;
      return problem ? errorAnswer('s3', problem) : forwarder.forward(call);
    },
    createBucket: (name) => {
      fauxqs.createBucket(name);
    },
    close: () => forwarder.close(),
  };
}

/** No multipart uploads, versions or tags: nothing here uses them. */
const operations = new Set([
  'ListBuckets',
  'CreateBucket',
  'HeadBucket',
  'ListObjects',
  'ListObjectsV2',
  'GetObject',
  'HeadObject',
  'PutObject',
  'DeleteObject',
  'DeleteObjects',
]);

/** What S3 would refuse and fauxqs accepts. */
function problemOf(call: AwsCall): AwsError | undefined {
  if (call.headers['if-none-match'] ?? call.headers['if-match']) {
    const message = 'Conditional writes are not implemented by the local S3.';
    return { status: 501, code: 'NotImplemented', message };
  }
  // A body in aws-chunked form carries its checksum in a trailer, which the SDK's own tests cover.
  if (call.headers['content-encoding']?.includes('aws-chunked')) return undefined;
  for (const [header, digest] of checksums) {
    const sent = call.headers[header];
    if (sent === undefined || sent === digest(call.body)) continue;
    return { status: 400, code: 'BadDigest', message: `The ${header} you specified did not match the body.` };
  }
  return undefined;
}

const checksums: readonly (readonly [header: string, digest: (body: Uint8Array) => string])[] = [
  ['content-md5', (body) => createHash('md5').update(body).digest('base64')],
  ['x-amz-checksum-sha256', (body) => createHash('sha256').update(body).digest('base64')],
  ['x-amz-checksum-crc32', crc32Base64],
];

function crc32Base64(body: Uint8Array): string {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64');
}
