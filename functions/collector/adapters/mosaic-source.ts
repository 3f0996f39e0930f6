import type { StreamAddress } from '../../mosaic/address.ts';
import { collect } from '../../mosaic/collect-call.ts';
import { createStream, type LifecycleFailure, startCollect } from '../../mosaic/lifecycle.ts';
import { type MosaicOptions, openMosaic } from '../../mosaic/mosaic.ts';
import type { ReopenOutcome, Source } from '../protocol/ports/source.ts';

export interface MosaicSourceOptions {
  readonly mosaic: MosaicOptions;
  readonly address: StreamAddress;
  /** The secret that messages about refused credentials name. */
  readonly secretId: string;
  /** Where false, a missing stream stays missing until an operator acts. */
  readonly autoReopen: boolean;
  /** Retention of a stream that has to be created anew; absent means Mosaic's default. */
  readonly retentionDays?: number;
  readonly enrichment: boolean;
  /** Time for each call that reopens the stream. */
  readonly reopenTimeoutMs: number;
}

/** Opens Mosaic as the source of one stream for one run. The run closes it at its end. */
export function openMosaicSource(options: MosaicSourceOptions): Source {
  const mosaic = openMosaic(options.mosaic);
  return {
    async collect(request) {
      const outcome = await collect(mosaic, options.address, request);
      if (outcome.kind !== 'nothing-consumed' || outcome.reason !== 'credential-refused') return outcome;
      return { ...outcome, message: `${outcome.message} (of secret ${options.secretId})` };
    },

    async reopen(signal): Promise<ReopenOutcome> {
      if ('pullUrl' in options.address) {
        return {
          kind: 'not-ours',
          message: 'the stream was made in the portal: make it there again, and set its new pull URL',
        };
      }
      if (!options.autoReopen) {
        return {
          kind: 'not-ours',
          message: 'autoReopen is off: start collection and create the stream by hand',
        };
      }
      const { type, streamId } = options.address;
      const limits = { timeoutMs: options.reopenTimeoutMs, signal };
      const started = await startCollect(mosaic, type, limits);
      if (failed(started)) return { kind: 'failed', status: started.status, message: started.message };
      const { retentionDays, enrichment } = options;
      const created = await createStream(mosaic, { type, streamId, retentionDays, enrichment }, limits);
      if (failed(created)) return { kind: 'failed', status: created.status, message: created.message };
      return {
        kind: 'reopened',
        already: started.kind === 'already-there' && created.kind === 'already-there',
      };
    },

    close: () => mosaic.close(),
  };
}

function failed(outcome: { readonly kind: string }): outcome is LifecycleFailure {
  return outcome.kind === 'refused' || outcome.kind === 'failed';
}
