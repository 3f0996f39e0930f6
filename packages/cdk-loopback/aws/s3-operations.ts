import type { NamedCall, SignedRequest } from './signed-request.ts';

/**
 * Names an S3 call from method, path and query, path-style addresses only: a client that is given an IP address
 * as its endpoint uses no other.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function recogniseS3Call(request: SignedRequest): NamedCall {
  const url = new URL(request.path, 'http://s3');
  const [bucket, key] = splitPath(url.pathname);
  const operation = nameOperation(request, url.searchParams, { bucket, key });
  return {
    operation,
    action: actions[operation] ?? `s3:${operation}`,
    resource: resourceOf(bucket, key),
    context: listContext(operation, url.searchParams),
  };
}

/** Where the IAM action has another name than the operation. */
const actions: Readonly<Record<string, string>> = {
  ListBuckets: 's3:ListAllMyBuckets',
  HeadBucket: 's3:ListBucket',
  ListObjects: 's3:ListBucket',
  ListObjectsV2: 's3:ListBucket',
  HeadObject: 's3:GetObject',
  DeleteObjects: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
};

/** Query parameters that qualify an operation; any other makes it a different one. */
const qualifiers = new Set([
  'x-id',
  'list-type',
  'encoding-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'marker',
]);

function nameOperation(
  request: SignedRequest,
  query: URLSearchParams,
  address: { readonly bucket: string; readonly key: string },
): string {
  const { method } = request;
  const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete', POST: 'Post', HEAD: 'Head' }[method] ?? method;
  if (!address.bucket) return method === 'GET' ? 'ListBuckets' : `${verb}Service`;
  const subresources = [...query.keys()].filter((name) => !qualifiers.has(name));
  if (!address.key) {
    if (method === 'POST' && subresources.join() === 'delete') return 'DeleteObjects';
    if (subresources.length > 0) return `${verb}Bucket${pascal(subresources)}`;
    if (method === 'GET') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
    return { PUT: 'CreateBucket', DELETE: 'DeleteBucket', HEAD: 'HeadBucket' }[method] ?? `${verb}Bucket`;
  }
  if (request.headers['x-amz-copy-source']) return 'CopyObject';
  if (query.has('uploads')) return 'CreateMultipartUpload';
  if (query.has('uploadId')) {
    const names: Record<string, string> = { PUT: 'UploadPart', POST: 'CompleteMultipartUpload' };
    return names[method] ?? 'AbortMultipartUpload';
  }
  return subresources.length > 0 ? `${verb}Object${pascal(subresources)}` : `${verb}Object`;
}

/** `versionId` → `VersionId`. */
function pascal(names: readonly string[]): string {
  const words = names.join('-').split(/[^A-Za-z0-9]+/);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function splitPath(pathname: string): [bucket: string, key: string] {
  const path = pathname.slice(1);
  const slash = path.indexOf('/');
  if (slash < 0) return [decodeURIComponent(path), ''];
  return [decodeURIComponent(path.slice(0, slash)), decodeURIComponent(path.slice(slash + 1))];
}

function resourceOf(bucket: string, key: string): string {
  if (!bucket) return '*';
  return key ? `arn:aws:s3:::${bucket}/${key}` : `arn:aws:s3:::${bucket}`;
}

/** The condition keys of listing: absent, and not empty, where the request has no such parameter. */
function listContext(operation: string, query: URLSearchParams): Record<string, string> {
  if (!operation.startsWith('ListObjects')) return {};
  const context: Record<string, string> = {};
  for (const name of ['prefix', 'delimiter', 'max-keys']) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = value;
  }
  return context;
}
