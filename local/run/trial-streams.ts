import { randomBytes } from 'node:crypto';
import {
  createStream,
  deleteStream,
  type LifecycleFailure,
  startCollect,
} from '../../functions/mosaic/lifecycle.ts';
import { type Mosaic, openMosaic } from '../../functions/mosaic/mosaic.ts';
import { createTokenCache } from '../../functions/mosaic/token-cache.ts';
import { RelayError } from '../../functions/relay-error.ts';

/**
 * The streams of a trial in a real Mosaic: made for it, and gone after it.
 *
 * It never calls stop-collect, which would delete every stream of the type, other consumers' too; a type whose
 * collection was started here stays started.
 */
export function openTrialStreams(options: TrialOptions): TrialStreams {
  const { clientId, clientSecret } = options;
  const mosaic: Mosaic = openMosaic({
    url: options.url,
    apiVersion: options.apiVersion,
    ...(options.resource !== undefined && { resource: options.resource }),
    readCredentials: async () => ({ clientId, clientSecret }),
    tokens: createTokenCache(),
    now: Date.now,
    wireCapBytes: 1024 * 1024,
  });
  const limits = { timeoutMs: 30_000 };
  const created: TrialStream[] = [];
  const started: string[] = [];
  return {
    created,
    started,
    async open(stream) {
      const begun = await startCollect(mosaic, stream.type, limits);
      refuseFailure(begun, `start collecting ${stream.type}`);
      if (begun.kind === 'started') started.push(stream.type);
      const { type, id: streamId } = stream;
      const outcome = await createStream(mosaic, { type, streamId }, limits);
      refuseFailure(outcome, `create the ${type} stream ${streamId}`);
      if (outcome.kind === 'created') created.push(stream);
    },
    async close() {
      const left: string[] = [];
      const deleted: TrialStream[] = [];
      for (const stream of created.splice(0)) {
        const { type, id: streamId } = stream;
        const outcome = await deleteStream(mosaic, { type, streamId }, limits);
        if ('message' in outcome) left.push(`${type}/${streamId}: ${outcome.message}`);
        else deleted.push(stream);
      }
      mosaic.close();
      return { deleted, left };
    },
  };
}

/** An id that tells people in Mosaic's portal what it is. */
export function trialStreamId(): string {
  return `relay-try-${randomBytes(5).toString('hex')}`;
}

export interface TrialOptions {
  readonly url: string;
  readonly apiVersion: string;
  readonly resource?: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TrialStream {
  readonly type: string;
  readonly id: string;
}

export interface TrialStreams {
  /** Types whose collection was off before. */
  readonly started: readonly string[];
  /** Those that did not exist before. */
  readonly created: readonly TrialStream[];
  /**
   * Makes sure that there is such a stream.
   * @throws {RelayError} `TrialRefused`, one line with Mosaic's status
   */
  open(stream: TrialStream): Promise<void>;
  /** Deletes what was created, nothing else. Answers what could not be deleted, with the reason, too. */
  close(): Promise<{ readonly deleted: readonly TrialStream[]; readonly left: readonly string[] }>;
}

function refuseFailure(outcome: { readonly kind: string } | LifecycleFailure, what: string): void {
  if (!('message' in outcome)) return;
  throw new RelayError('TrialRefused', `Mosaic did not ${what}: ${outcome.message}`);
}
