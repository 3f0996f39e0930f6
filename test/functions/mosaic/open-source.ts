import type { Simulator } from '@mosaic-relay/mosaic-simulator';
import { onTestFinished } from 'vitest';
import { openMosaicSource } from '../../../functions/collector/adapters/mosaic-source.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';

/** The collector's own source over a simulator's stream `relay` of type `cis`, which is opened first. */
export async function openSource(simulator: Simulator, options: { readonly wireCapBytes?: number } = {}) {
  const source = openMosaicSource({
    secretId: 'mosaic-secret',
    mosaic: {
      url: simulator.url,
      apiVersion: 'v1',
      readCredentials: async () => simulator,
      tokens: createTokenCache(),
      now: () => Date.UTC(2026, 2, 1, 12),
      wireCapBytes: options.wireCapBytes ?? 64 * 1024 * 1024,
    },
    address: { type: 'cis', streamId: 'relay' },
    autoReopen: true,
    retentionDays: 7,
    enrichment: false,
    reopenTimeoutMs: 20_000,
  });
  onTestFinished(() => source.close());
  for (;;) {
    const reopened = await source.reopen(new AbortController().signal);
    if (reopened.kind === 'reopened') return source;
    // Switches that spoil tokens spoil this call too.
    if (reopened.kind === 'not-ours' || reopened.status === 429) throw new Error(reopened.message);
  }
}
