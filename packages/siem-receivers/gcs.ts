// A stand-in for Google Cloud Storage's JSON API and Google's token exchange, written here after "Objects: insert",
// "Objects: get", "Request preconditions" and "Method: token" of Google's reference.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Faults, noFaults } from './faults.ts';
import { gcsError, gcsErrorFor, gcsJson, permissionDenied } from './gcs-answers.ts';
import { checkHashes, type GcsObject, gcsObject, resourceOf } from './gcs-objects.ts';
import { createTokenExchange, type WorkloadIdentityProvider } from './google-token-exchange.ts';
import { type Answer, type Call, startLoopbackServer } from './loopback-server.ts';
import type { Receiver, ReceiverClock } from './receiver.ts';
import type { AwsAssertion, AwsIdentity } from './signed-caller-identity.ts';

export type GcsPermission = 'storage.objects.create' | 'storage.objects.get' | 'storage.objects.delete';

export interface GcsOptions {
  readonly clock: ReceiverClock;
  /** One or more; names are unique over all of Google. */
  readonly buckets: readonly string[];
  readonly providers: readonly WorkloadIdentityProvider[];
  /** Finds the holder of an AWS access key; undefined for a key that this run did not give out. */
  readonly identify: (accessKeyId: string) => AwsIdentity | undefined;
  /** Whom a bucket's roles are granted to: `attribute.aws_role`. */
  readonly grantedTo: (caller: AwsAssertion, bucket: string) => boolean;
  /** The permissions that a token carries. By default it may create and read objects, not delete them. */
  readonly permissions?: readonly GcsPermission[];
}

export interface GcsFaults extends Faults {
  /** Asks for the permission to overwrite before it looks at the precondition: 403 where 412 was due. */
  permissionBeforePrecondition: boolean;
  permissions: readonly GcsPermission[];
  bucketMissing: boolean;
  /** Stores so many uploads with their last byte changed. */
  damageUploads: number;
}

export interface Gcs extends Receiver {
  readonly faults: GcsFaults;
  /** Of a bucket, the first by default, by name. */
  objectsOf(bucket?: string): ReadonlyMap<string, GcsObject>;
  /** Access tokens that were given out stop working. */
  revokeTokens(): void;
}

/** Starts both services at one address: their paths differ. */
export async function startGcs(options: GcsOptions): Promise<Gcs> {
  const { clock, buckets, providers, identify } = options;
  const tokens = createTokenExchange({ providers, identify, clock });
  const stores = new Map(buckets.map((bucket) => [bucket, new Map<string, GcsObject>()]));
  const faults: GcsFaults = {
    ...noFaults(),
    permissionBeforePrecondition: false,
    permissions: options.permissions ?? ['storage.objects.create', 'storage.objects.get'],
    bucketMissing: false,
    damageUploads: 0,
  };
  let generation = 0;

  const server = await startLoopbackServer({
    handle,
    faults,
    clock,
    refuse: ({ status, headers }) => ({
      ...gcsErrorFor(status),
      headers: { 'content-type': 'application/json', ...headers },
    }),
  });
  return {
    url: server.url,
    faults,
    refusals: server.refusals,
    objectsOf: (bucket = buckets[0] ?? '') => stores.get(bucket) ?? new Map(),
    revokeTokens: tokens.revokeAll,
    async eachLine(visit) {
      for (const { bytes } of [...stores.values()].flatMap((objects) => [...objects.values()])) {
        const text = await promisify(gunzip)(bytes);
        let start = 0;
        for (let end = text.indexOf(0x0a); end !== -1; end = text.indexOf(0x0a, start)) {
          if (end > start) visit(text.subarray(start, end));
          start = end + 1;
        }
        if (start < text.length) visit(text.subarray(start));
      }
    },
    close: server.close,
  };

  function handle(call: Call): Answer {
    if (call.method === 'POST' && call.path === '/v1/token') return tokens.exchange(call);
    const asked = /^\/storage\/v1\/b\/([^/]+)$/.exec(call.path)?.[1];
    if (asked !== undefined && call.method === 'GET') return describeBucket(decodeURIComponent(asked));
    const [, upload, named, name] =
      /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(call.path) ?? [];
    const caller = tokens.principalOf(call.headers.authorization);
    if (named !== undefined && caller === undefined) return gcsError(401, 'authError', 'Invalid Credentials');
    const isUpload = call.method === 'POST' && upload !== undefined && name === undefined;
    const isRead = call.method === 'GET' && upload === undefined && name !== undefined;
    if (named === undefined || caller === undefined || !(isUpload || isRead)) {
      return gcsError(404, 'notFound', `This stand-in does not know ${call.method} ${call.path}.`);
    }
    const bucket = decodeURIComponent(named);
    const objects = faults.bucketMissing ? undefined : stores.get(bucket);
    if (objects === undefined) return gcsError(404, 'notFound', 'The specified bucket does not exist.');
    const place = { bucket, objects, caller };
    return isUpload ? insert(call, place) : get(call, place, decodeURIComponent(name as string));
  }

  /** To whoever asks without a role on the bucket: whether it is there shows by the status. */
  function describeBucket(bucket: string): Answer {
    if (faults.bucketMissing || !stores.has(bucket))
      return gcsError(404, 'notFound', 'The specified bucket does not exist.');
    return gcsError(401, 'required', 'Anonymous caller does not have storage.buckets.get access.');
  }

  function insert({ query, headers, body }: Call, { bucket, objects, caller }: BucketCall): Answer {
    const unknown = [...query.keys()].find(
      (key) => !['uploadType', 'name', 'ifGenerationMatch'].includes(key),
    );
    if (unknown !== undefined)
      return gcsError(400, 'invalid', `This stand-in does not know the parameter ${unknown}.`);
    if (query.get('uploadType') !== 'media')
      return gcsError(400, 'invalid', 'This stand-in knows uploadType=media only.');
    const name = query.get('name') ?? '';
    if (!isObjectName(name)) return gcsError(400, 'invalid', `Invalid object name: '${name}'`);
    const contentType = headers['content-type'];
    if (contentType === undefined) return gcsError(400, 'invalid', 'Content-Type is required.');
    if (!may(caller, bucket, 'storage.objects.create'))
      return permissionDenied('Caller', 'storage.objects.create');

    const match = query.get('ifGenerationMatch');
    if (match !== null && !/^\d+$/.test(match))
      return gcsError(400, 'invalid', `Invalid ifGenerationMatch: ${match}`);
    const present = objects.get(name);
    const mayOverwrite = present === undefined || may(caller, bucket, 'storage.objects.delete');
    const overwriteDenied = permissionDenied('Caller', 'storage.objects.delete');
    if (!mayOverwrite && faults.permissionBeforePrecondition) return overwriteDenied;
    if (match !== null && Number(match) !== (present?.generation ?? 0)) {
      return gcsError(
        412,
        'conditionNotMet',
        'At least one of the pre-conditions you specified did not hold.',
      );
    }
    if (!mayOverwrite) return overwriteDenied;

    const contentEncoding = headers['content-encoding'];
    const details = {
      name,
      contentType,
      contentEncoding,
      generation: generation + 1,
      createdAt: clock.now(),
    };
    const object = gcsObject({ ...details, bytes: body });
    const mismatch = checkHashes(headers['x-goog-hash'] as string | undefined, object);
    if (mismatch !== undefined) return gcsError(400, 'invalid', mismatch);
    generation += 1;
    const kept = faults.damageUploads > 0 ? gcsObject({ ...details, bytes: damaged(body) }) : object;
    if (faults.damageUploads > 0) faults.damageUploads -= 1;
    objects.set(name, kept);
    return gcsJson(200, resourceOf(bucket, kept));
  }

  function get({ query }: Call, { bucket, objects, caller }: BucketCall, name: string): Answer {
    const unknown = [...query.keys()].find((key) => key !== 'fields');
    if (unknown !== undefined)
      return gcsError(400, 'invalid', `This stand-in does not know the parameter ${unknown}.`);
    if (!may(caller, bucket, 'storage.objects.get')) return permissionDenied('Caller', 'storage.objects.get');
    const object = objects.get(name);
    if (object === undefined) return gcsError(404, 'notFound', `No such object: ${bucket}/${name}`);
    return gcsJson(200, resourceOf(bucket, object, query.get('fields') ?? undefined));
  }

  function may(caller: AwsAssertion, bucket: string, permission: GcsPermission): boolean {
    return options.grantedTo(caller, bucket) && faults.permissions.includes(permission);
  }
}

interface BucketCall {
  readonly bucket: string;
  readonly objects: Map<string, GcsObject>;
  readonly caller: AwsAssertion;
}

/** @see https://cloud.google.com/storage/docs/objects#naming */
function isObjectName(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return (
    bytes >= 1 &&
    bytes <= 1024 &&
    !/[\r\n]/.test(name) &&
    name !== '.' &&
    name !== '..' &&
    !name.startsWith('.well-known/acme-challenge/')
  );
}

function damaged(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  if (copy.length > 0) copy[copy.length - 1]! ^= 1;
  return copy;
}
