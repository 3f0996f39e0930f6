import { type NamedStream, operationUrl } from './address.ts';
import { authorizedCall } from './authorized-call.ts';
import { describeAnswer } from './error-text.ts';
import type { Mosaic } from './mosaic.ts';

/**
 * The calls that make and remove streams. Each may be repeated: what is there already is an outcome, not an error.
 * Stop-collect is missing on purpose: it deletes every stream of the type, other consumers' too.
 */

export type LifecycleFailure =
  /** Mosaic understood and said no. Asking again changes nothing before an operator acts on `message`. */
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly status: number;
      readonly message: string;
    }
  /** No answer, 5xx, or a throttled call. Asking again is safe, whether or not the call was carried out. */
  | { readonly kind: 'failed'; readonly status?: number; readonly message: string };

export type RefusalReason =
  | 'credential-refused'
  /** Create and delete before start-collect. */
  | 'not-started'
  | 'stream-id-refused'
  /** 429 on create: the tenant has as many streams as it may have. Never to be retried in a loop. */
  | 'quota'
  | 'retired'
  | 'request-refused';

export interface CallLimits {
  /** For one call, its token and a second attempt after 401 included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Starts collection of a type for the tenant. Events raised before are not kept for any stream.
 *
 * @throws {RelayError} what `readCredentials` throws; nothing was changed
 */
export async function startCollect(
  mosaic: Mosaic,
  type: string,
  limits: CallLimits,
): Promise<{ readonly kind: 'started' | 'already-there' } | LifecycleFailure> {
  const call = {
    method: 'PUT',
    url: operationUrl(mosaic.options, 'start-collect', { type }),
    body: '',
  } as const;
  const answer = await lifecycleCall(mosaic, call, limits);
  if (answer.kind !== 'answered') return answer;
  return { kind: answer.status === 409 ? 'already-there' : 'started' };
}

export interface NewStream extends NamedStream {
  /** Sent as `retention`; where the generation of the API does not know it, left out in a second attempt. */
  readonly retentionDays?: number;
  /** Sent only when true, in the query and in the body, since generations of the API differ. */
  readonly enrichment?: boolean;
}

export type CreateOutcome =
  | {
      readonly kind: 'created';
      /** Retention was wanted, and Mosaic took the stream only without it: its default holds. */
      readonly withoutRetention: boolean;
    }
  /** Left as it is: whether it has the wanted retention and enrichment is unknown. */
  | { readonly kind: 'already-there' }
  | LifecycleFailure;

/**
 * Creates a stream, which gets the events raised from now on. Needs `startCollect` before.
 *
 * @throws {RelayError} what `readCredentials` throws; nothing was changed
 */
export async function createStream(
  mosaic: Mosaic,
  stream: NewStream,
  limits: CallLimits,
): Promise<CreateOutcome> {
  const wantsRetention = stream.retentionDays !== undefined;
  const first = await lifecycleCall(mosaic, createCall(mosaic, stream), limits);
  const refused = first.kind === 'refused' && first.status === 400 && wantsRetention;
  const answer = refused
    ? await lifecycleCall(mosaic, createCall(mosaic, { ...stream, retentionDays: undefined }), limits)
    : first;
  if (answer.kind !== 'answered') return answer;
  return answer.status === 409 ? { kind: 'already-there' } : { kind: 'created', withoutRetention: refused };
}

/**
 * Deletes a stream with everything in it that was not read.
 *
 * @throws {RelayError} what `readCredentials` throws; nothing was changed
 */
export async function deleteStream(
  mosaic: Mosaic,
  stream: NamedStream,
  limits: CallLimits,
): Promise<{ readonly kind: 'deleted' | 'not-there' } | LifecycleFailure> {
  const url = operationUrl(mosaic.options, 'stream', { type: stream.type, stream_id: stream.streamId });
  const answer = await lifecycleCall(mosaic, { method: 'DELETE', url, body: '' }, limits);
  if (answer.kind !== 'answered') return answer;
  return { kind: answer.status === 404 ? 'not-there' : 'deleted' };
}

interface LifecycleCall {
  readonly method: 'PUT' | 'DELETE';
  readonly url: string;
  readonly body: string;
}

function createCall(mosaic: Mosaic, stream: NewStream): LifecycleCall {
  const url = operationUrl(mosaic.options, 'stream', {
    type: stream.type,
    stream_id: stream.streamId,
    ...(stream.retentionDays === undefined ? {} : { retention: String(stream.retentionDays) }),
    ...(stream.enrichment === true ? { enrichment: 'true' } : {}),
  });
  return { method: 'PUT', url, body: stream.enrichment === true ? '{"enrichment":true}' : '' };
}

/** The status of an answer that did what was asked, or found it done. */
async function lifecycleCall(
  mosaic: Mosaic,
  call: LifecycleCall,
  limits: CallLimits,
): Promise<{ readonly kind: 'answered'; readonly status: number } | LifecycleFailure> {
  const what = `${call.method} ${new URL(call.url).pathname}`;
  const answer = await authorizedCall(mosaic, {
    ...call,
    headers: call.body === '' ? {} : { 'content-type': 'application/json' },
    timeoutMs: limits.timeoutMs,
    signal: limits.signal,
    capBytes: 4096,
  });
  if (answer.kind === 'no-token') {
    const { status, message } = answer;
    if (answer.reason !== 'credential-refused' || status === undefined)
      return { kind: 'failed', status, message };
    return {
      kind: 'refused',
      reason: 'credential-refused',
      status,
      message: withAdvice(message, 'credential-refused'),
    };
  }
  if (answer.kind !== 'answered') return { kind: 'failed', message: `${what}: ${answer.message}` };

  const { status } = answer;
  const found = call.method === 'PUT' ? status === 409 : status === 404;
  if (found || (status >= 200 && status <= 299)) return { kind: 'answered', status };
  const message = describeAnswer(what, answer);
  const reason = refusalReason(status, { creates: call.method === 'PUT' && what.endsWith('/stream') });
  if (reason === undefined) return { kind: 'failed', status, message };
  return { kind: 'refused', reason, status, message: withAdvice(message, reason) };
}

function refusalReason(
  status: number,
  { creates }: { readonly creates: boolean },
): RefusalReason | undefined {
  if (status === 401) return 'credential-refused';
  if (status === 403) return 'not-started';
  if (status === 406) return 'stream-id-refused';
  if (status === 410) return 'retired';
  if (status === 429) return creates ? 'quota' : undefined;
  return status >= 300 && status <= 499 && status !== 408 ? 'request-refused' : undefined;
}

/** What happened, and what an operator can do. */
export function withAdvice(message: string, reason: RefusalReason): string {
  return `${message}. ${advice[reason]}`;
}

const advice: Readonly<Record<RefusalReason, string>> = {
  'credential-refused':
    'The client id and secret must be those of a management app of this tenant and environment: check the secret and the environment, then try again.',
  'not-started':
    'Collection of the type must be started first, or this client may not do so: check in the portal that it is a management app.',
  'stream-id-refused': 'A stream id is one word without spaces: change it in the settings.',
  quota:
    'The tenant has as many event streams as it may have: delete one that nobody reads, or ask Transmit Security for more, then try again.',
  retired: 'This version of the API is gone: set the version or the URL that Mosaic names now.',
  'request-refused': 'Check the type, the stream id and the URL in the settings.',
};
