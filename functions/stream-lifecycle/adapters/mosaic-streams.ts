import { createStream, deleteStream, type LifecycleFailure, startCollect } from '../../mosaic/lifecycle.ts';
import type { Mosaic } from '../../mosaic/mosaic.ts';
import type { MosaicRefusal, MosaicStreams } from '../ports.ts';

export interface MosaicStreamsOptions {
  /** Of the settings. */
  readonly host: string;
  readonly mosaic: Mosaic;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Time for one call. Three calls and their waits stay well within the function's timeout. */
const callTimeoutMs = 20_000;
const waits = [1_000, 3_000];

/**
 * Opens and removes Mosaic's streams by its API. A call without an answer is repeated, which is harmless for each
 * of them.
 */
export function createMosaicStreams({ mosaic, host, sleep }: MosaicStreamsOptions): MosaicStreams {
  const limits = { timeoutMs: callTimeoutMs };
  return {
    host,
    async open({ type, id, retentionDays, enrichment }) {
      const started = await again(() => startCollect(mosaic, type, limits), sleep);
      if (isFailure(started)) return refused(`Collection of ${type} could not be started`, started);
      const stream = { type, streamId: id, retentionDays, enrichment };
      let calls = 0;
      const create = () => {
        calls += 1;
        return createStream(mosaic, stream, limits);
      };
      const created = await again(create, sleep);
      if (isFailure(created)) return refused(`Stream ${id} could not be created`, created);
      return created.kind === 'already-there' ? { kind: 'already-there', unclear: calls > 1 } : created;
    },
    async remove({ type, id }) {
      const removed = await again(() => deleteStream(mosaic, { type, streamId: id }, limits), sleep);
      return isFailure(removed)
        ? refused(`Stream ${id} could not be deleted`, removed)
        : { kind: removed.kind };
    },
  };
}

async function again<Outcome extends { readonly kind: string }>(
  call: () => Promise<Outcome>,
  sleep: (ms: number) => Promise<void>,
): Promise<Outcome> {
  let outcome = await call();
  for (const wait of waits) {
    if (outcome.kind !== 'failed') return outcome;
    await sleep(wait);
    outcome = await call();
  }
  return outcome;
}

function isFailure(outcome: { readonly kind: string }): outcome is LifecycleFailure {
  return outcome.kind === 'refused' || outcome.kind === 'failed';
}

function refused(what: string, { message }: LifecycleFailure): MosaicRefusal {
  return { kind: 'refused', message: `${what}. ${message}` };
}
