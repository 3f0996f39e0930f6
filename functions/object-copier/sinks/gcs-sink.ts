import { createHash } from 'node:crypto';
import { retryAfterMs } from '../../retry-after.ts';
import { shownCode } from '../../shown-words.ts';
import type {
  AccessTokens,
  Busy,
  Clock,
  ObjectSink,
  Poison,
  Refused,
  SinkOutcome,
  SourceObject,
} from '../ports.ts';
import { crc32c } from './crc32c.ts';
import { asksForPatience, call, type HttpAnswer } from './http-call.ts';
import { patiently } from './patience.ts';

export interface GcsSettings {
  /** Scheme and host of the JSON API. */
  readonly url: string;
  readonly bucket: string;
}

/**
 * Copies an object to Google Cloud Storage under its S3 key, byte for byte, and never over another object: an
 * upload carries `ifGenerationMatch=0`, and 412 says that the bucket has the object already.
 *
 * `Content-Encoding` stays unset, because GCS would otherwise decompress the object for its readers. The answer's
 * checksums are compared as well, because the reference does not promise that GCS checks the request's.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/insert
 */
export function gcsSink(settings: GcsSettings, tokens: AccessTokens, clock: Clock): ObjectSink {
  return {
    async put(object, signal) {
      const sums = checksums(object.bytes);
      const send = (): Promise<HttpAnswer | Busy | Refused> =>
        authorized(tokens, signal, (authorization) =>
          call(
            {
              method: 'POST',
              url: uploadUrl(settings, object.key),
              headers: {
                authorization,
                'content-type': 'application/gzip',
                'x-goog-hash': `crc32c=${sums.crc32c},md5=${sums.md5}`,
              },
              body: object.bytes,
            },
            signal,
          ),
        );
      return patiently(
        async (): Promise<SinkOutcome> => {
          const answer = await send();
          if (answer.kind !== 'answer') return answer;
          if (answer.status === 403 && answer.text.includes('storage.objects.delete')) {
            return proveSame(object, sums);
          }
          return classify(answer, sums);
        },
        clock,
        signal,
      );

      /**
       * Proves that the object in the bucket is the one that was sent. GCS can ask for the permission to overwrite
       * before it looks at the precondition.
       */
      async function proveSame({ key }: SourceObject, own: Checksums): Promise<SinkOutcome> {
        const answer = await authorized(tokens, signal, (authorization) =>
          call({ method: 'GET', url: metadataUrl(settings, key), headers: { authorization } }, signal),
        );
        if (answer.kind !== 'answer') return answer;
        if (answer.status === 200 && sameChecksums(answer.text, own) === 'same')
          return { kind: 'stored', already: true };
        if (asksForPatience(answer.status)) return busy(answer);
        return {
          kind: 'refused',
          status: 403,
          message: `GCS will not overwrite ${key}, and that it is the same object could not be proved (${
            answer.status === 200
              ? 'its checksum differs'
              : `reading it needs storage.objects.get: ${answer.status}`
          }). The message waits.`,
        };
      }
    },
  };

  function classify(answer: HttpAnswer, sums: Checksums): SinkOutcome {
    const { status, text } = answer;
    if (status === 200) {
      return sameChecksums(text, sums) === 'different' ? mismatch : { kind: 'stored', already: false };
    }
    if (status === 412) return { kind: 'stored', already: true };
    if (asksForPatience(status) || (status === 403 && /"(user)?rateLimitExceeded"/i.test(text)))
      return busy(answer);
    if (status === 404) {
      return {
        kind: 'poison',
        reason: 'receiver-bucket-missing',
        message: `GCS has no bucket ${settings.bucket}.`,
      };
    }
    return {
      kind: 'refused',
      status,
      message: `GCS answered ${status}: ${reasonOf(text)}. The message waits.`,
    };
  }

  function busy({ status, retryAfter }: HttpAnswer): Busy {
    return {
      kind: 'busy',
      status,
      message: `GCS answered ${status}.`,
      retryAfterMs: retryAfterMs(retryAfter, clock.now()),
    };
  }
}

/** Makes a call with a token, and after a 401 once more with a fresh one, since a token may have been revoked. */
async function authorized(
  tokens: AccessTokens,
  signal: AbortSignal,
  send: (authorization: string) => Promise<HttpAnswer | Busy>,
): Promise<HttpAnswer | Busy | Refused> {
  for (const last of [false, true]) {
    const got = await tokens.token(signal);
    if (got.kind !== 'token') return got;
    const answer = await send(`Bearer ${got.token}`);
    if (answer.kind !== 'answer' || answer.status !== 401 || last) return answer;
    tokens.forget();
  }
  throw new Error('unreachable');
}

interface Checksums {
  readonly crc32c: string;
  readonly md5: string;
}

function checksums(bytes: Uint8Array): Checksums {
  return { crc32c: crc32c(bytes), md5: createHash('md5').update(bytes).digest('base64') };
}

/** Compares an object resource's checksums with our own; `unknown` where the resource names none. */
function sameChecksums(resource: string, own: Checksums): 'same' | 'different' | 'unknown' {
  let named: { crc32c?: unknown; md5Hash?: unknown };
  try {
    named = (JSON.parse(resource) ?? {}) as typeof named;
  } catch {
    return 'unknown';
  }
  if (named.crc32c === undefined && named.md5Hash === undefined) return 'unknown';
  const same =
    (named.crc32c === undefined || named.crc32c === own.crc32c) &&
    (named.md5Hash === undefined || named.md5Hash === own.md5);
  return same ? 'same' : 'different';
}

/** The relay may not overwrite the object, and a second upload would be answered with 412. */
const mismatch: Poison = {
  kind: 'poison',
  reason: 'checksum-mismatch',
  message: 'GCS stored other bytes than were sent: delete the object there, then redrive the message.',
};

/** Gives GCS's own error code and the permission that GCS misses. GCS's message names the caller and is left out. */
function reasonOf(text: string): string {
  const code = shownCode(/"reason"\s*:\s*"([A-Za-z]+)"/.exec(text)?.[1] ?? '') ?? 'no known reason';
  const permission = permissions.find((name) => text.includes(name));
  return permission === undefined ? code : `${code}, for which it names ${permission}`;
}

const permissions = ['create', 'delete', 'get', 'list', 'update'].map((verb) => `storage.objects.${verb}`);

function uploadUrl({ url, bucket }: GcsSettings, key: string): string {
  const name = encodeURIComponent(key);
  return `${url}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?uploadType=media&name=${name}&ifGenerationMatch=0`;
}

function metadataUrl({ url, bucket }: GcsSettings, key: string): string {
  return `${url}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(key)}?fields=size,md5Hash,crc32c`;
}
