import type { FauxqsServer } from 'fauxqs';
import type { AwsAnswer, AwsResponse } from './aws-answer.ts';
import type { AwsCall, ServiceStandIn } from './aws-call.ts';
import { type AwsError, errorAnswer } from './aws-error.ts';
import { createForwarder } from './forward.ts';
import { bodyProblem } from './s3-body.ts';
import { createS3Listing, type ObjectTags, type S3Listing } from './s3-listing.ts';

/** S3 of the local run: fauxqs, behind checks of its own where fauxqs is silent. */
export interface S3StandIn extends ServiceStandIn {
  /** Creating a bucket that exists does nothing. */
  createBucket(name: string): void;
  tagsOf(bucket: string, key: string): ObjectTags;
  /** Calls back for every object that was written. */
  onCreated(listener: (object: CreatedObject) => void): void;
  close(): void;
}

export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** In quotes, as the header has it. */
  readonly etag: string;
}

/**
 * @param fauxqs new and empty; stays the caller's to stop
 * @param now when objects count as written: the run's clock
 */
export function createS3(fauxqs: FauxqsServer, now: () => number = Date.now): S3StandIn {
  const forwarder = createForwarder(fauxqs.port);
  const listing = createS3Listing();
  const listeners: ((object: CreatedObject) => void)[] = [];
  return {
    service: 's3',
    operations,
    async handle(call): Promise<AwsAnswer> {
      if (call.operation === 'ListObjectsV2') {
        const listed = listing.list(addressOf(call).bucket, call);
        // Where there is no such bucket, fauxqs says so.
        return listed ?? forwarder.forward(call);
      }
      if (call.operation === 'PutObjectTagging') return putTags(call, listing);
      const problem = call.operation === 'PutObject' ? problemOf(call) : undefined;
      if (problem) return errorAnswer('s3', problem);
      const answer = await forwarder.forward(call);
      if (answer.status >= 300) return answer;
      noteChange(listing, call, { answer, now: now() });
      if (call.operation === 'PutObject') {
        const object = createdObject(call, answer);
        for (const listener of listeners) listener(object);
      }
      return answer;
    },
    createBucket: (name) => {
      fauxqs.createBucket(name);
      listing.addBucket(name);
    },
    tagsOf: listing.tagsOf,
    onCreated: (listener) => void listeners.push(listener),
    close: () => forwarder.close(),
  };
}

function createdObject(call: AwsCall, answer: AwsResponse): CreatedObject {
  const size = Number(call.headers['x-amz-decoded-content-length'] ?? call.body.byteLength);
  return { ...addressOf(call), size, etag: String(answer.headers.etag) };
}

function noteChange(
  listing: S3Listing,
  call: AwsCall,
  { answer, now }: { readonly answer: AwsResponse; readonly now: number },
): void {
  const { bucket, key } = addressOf(call);
  if (call.operation === 'CreateBucket') listing.addBucket(bucket);
  if (call.operation === 'DeleteObject') listing.remove(bucket, key);
  if (call.operation === 'PutObject') {
    const { size, etag } = createdObject(call, answer);
    listing.add(bucket, key, { size, etag, modifiedAt: now });
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html */
function putTags(call: AwsCall, listing: S3Listing): AwsResponse {
  const { bucket, key } = addressOf(call);
  const tag = /<Tag><Key>([^<]{1,128})<\/Key><Value>([^<]{0,256})<\/Value><\/Tag>/g;
  const text = call.body.toString();
  const tags = [...text.matchAll(tag)].map(([, name = '', value = '']) => [name, value] as const);
  if (tags.length === 0 || tags.length > 10 || text.split('<Tag>').length !== tags.length + 1)
    return errorAnswer('s3', {
      status: 400,
      code: 'MalformedXML',
      message: 'one to ten tags are known here',
    });
  if (!listing.tag(bucket, key, Object.fromEntries(tags)))
    return errorAnswer('s3', {
      status: 404,
      code: 'NoSuchKey',
      message: 'The specified key does not exist.',
    });
  return { status: 200, headers: {}, body: '' };
}

/** Out of the ARN. */
function addressOf({ resource }: AwsCall): { readonly bucket: string; readonly key: string } {
  const path = resource.slice('arn:aws:s3:::'.length);
  const slash = path.indexOf('/');
  return slash < 0 ? { bucket: path, key: '' } : { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** No multipart uploads, versions, reading of tags or deleting of several: nothing here uses them. */
const operations = new Set([
  'ListBuckets',
  'CreateBucket',
  'HeadBucket',
  'ListObjectsV2',
  'GetObject',
  'HeadObject',
  'PutObject',
  'PutObjectTagging',
  'DeleteObject',
]);

/** Refuses requests that S3 would refuse and fauxqs accepts. */
function problemOf(call: AwsCall): AwsError | undefined {
  if (call.headers['if-none-match'] ?? call.headers['if-match']) {
    const message = 'Conditional writes are not implemented by the local S3.';
    return { status: 501, code: 'NotImplemented', message };
  }
  return bodyProblem(call);
}
