import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { openMosaicSource } from '../../../functions/collector/adapters/mosaic-source.ts';
import type { CollectOutcome } from '../../../functions/collector/ports.ts';
import { createTokenCache } from '../../../functions/mosaic/token.ts';
import type { Simulator } from '../../../local/mosaic/simulator.ts';
import { cutTexts } from './start.ts';

const stream = { type: 'cis', streamId: 'relay' } as const;

/** The collector's own source over a simulator's stream `relay` of type `cis`, which is opened first. */
export async function openRelay(simulator: Simulator, options: { readonly wireCapBytes?: number } = {}) {
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
    address: stream,
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

/** Collects until `empties` answers in a row were empty, at most 300 times. */
export async function drain(
  simulator: Simulator,
  {
    batchSize = 50,
    empties = 3,
    wireCapBytes,
  }: { readonly batchSize?: number; readonly empties?: number; readonly wireCapBytes?: number } = {},
): Promise<readonly CollectOutcome[]> {
  const source = await openRelay(simulator, { wireCapBytes });
  simulator.generate(stream.type, 1000);
  const outcomes: CollectOutcome[] = [];
  let emptyInARow = 0;
  while (emptyInARow < empties && outcomes.length < 300) {
    const outcome = await source.collect({
      batchSize,
      timeoutMs: 20_000,
      signal: new AbortController().signal,
    });
    outcomes.push(outcome);
    const small = outcome.kind === 'answer' && outcome.answer.received.length < 50;
    emptyInARow = small && bodyOf(outcome) === '[]' ? emptyInARow + 1 : 0;
  }
  return outcomes;
}

/** The text of an answer, unpacked; undefined for any other outcome. */
export function bodyOf(outcome: CollectOutcome): string | undefined {
  if (outcome.kind !== 'answer') return undefined;
  const { received, encoding } = outcome.answer;
  return (encoding === 'gzip' ? gunzipSync(received) : Buffer.from(received)).toString();
}

/** The event texts of all answers. */
export function textsIn(outcomes: readonly CollectOutcome[]): string[] {
  return outcomes.flatMap((outcome) => cutTexts(bodyOf(outcome) ?? ''));
}

/** `answer`, or the reason of any other outcome, each with how often it came. */
export function tally(outcomes: readonly CollectOutcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const name = 'reason' in outcome ? outcome.reason : outcome.kind;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** How many events have each fate and cause, as `lost lost-answer`. */
export function fates(simulator: Simulator): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { fate, cause } of simulator.ledger(stream.streamId)) {
    const name = cause === undefined ? fate : `${fate} ${cause}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
