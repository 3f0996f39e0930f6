import type { SimulatorOptions } from '@mosaic-relay/mosaic-simulator';
import { expect, onTestFinished, test } from 'vitest';
import {
  type MosaicSourceOptions,
  openMosaicSource,
} from '../../../functions/collector/adapters/mosaic-source.ts';
import { createTokenCache } from '../../../functions/mosaic/token-cache.ts';
import { collectRequest } from './scripted-server.ts';
import { startMosaic } from './start-mosaic.ts';

const now = () => Date.UTC(2026, 2, 1, 12);

async function startSource(
  options: Partial<MosaicSourceOptions> = {},
  mosaic: Partial<SimulatorOptions> = {},
) {
  const { simulator, open } = await startMosaic(mosaic);
  const source = openMosaicSource({
    secretId: 'mosaic-secret',
    mosaic: {
      url: simulator.url,
      apiVersion: 'v1',
      readCredentials: async () => simulator,
      tokens: createTokenCache(),
      now,
      wireCapBytes: 1_000_000,
    },
    address: { type: 'risk', streamId: 'relay' },
    autoReopen: true,
    enrichment: false,
    reopenTimeoutMs: 20_000,
    ...options,
  });
  onTestFinished(() => source.close());
  return { simulator, open, source };
}

test('a type that was never started is told, reopened, and then collected from', async () => {
  const { simulator, source } = await startSource();
  expect(await source.collect(collectRequest())).toMatchObject({ reason: 'not-started', status: 403 });
  expect(await source.reopen(new AbortController().signal)).toEqual({ kind: 'reopened', already: false });
  simulator.generate('risk', 3);
  expect((await source.collect(collectRequest())).kind).toBe('answer');
  expect([...simulator.ledger('relay')].map(({ fate }) => fate)).toEqual([
    'answered',
    'answered',
    'answered',
  ]);
});

test('a stream that somebody deleted is told and created anew', async () => {
  const { simulator, source } = await startSource();
  await source.reopen(new AbortController().signal);
  simulator.deleteStream('risk', 'relay');
  expect(await source.collect(collectRequest())).toMatchObject({ reason: 'stream-missing', status: 404 });
  expect(await source.reopen(new AbortController().signal)).toEqual({ kind: 'reopened', already: false });
});

test('a stream that is there stays as it is', async () => {
  const { source } = await startSource();
  await source.reopen(new AbortController().signal);
  expect(await source.reopen(new AbortController().signal)).toEqual({ kind: 'reopened', already: true });
});

test('retention and enrichment reach the stream', async () => {
  const { simulator, source } = await startSource({ retentionDays: 3, enrichment: true });
  await source.reopen(new AbortController().signal);
  expect(simulator.streams()).toMatchObject([{ enriched: true, retentionMs: 3 * 24 * 3600_000 }]);
});

test('a stream over the quota fails to reopen, saying what to do', async () => {
  const { open, source } = await startSource({}, { streamQuota: 1 });
  await open('cis', 'other');
  expect(await source.reopen(new AbortController().signal)).toMatchObject({
    kind: 'failed',
    status: 429,
    message: expect.stringMatching(
      /Tenant has reached the maximum number of event streams\. The tenant has as many/,
    ),
  });
});

test('with autoReopen off nothing is created', async () => {
  const { simulator, source } = await startSource({ autoReopen: false });
  expect(await source.reopen(new AbortController().signal)).toMatchObject({ kind: 'not-ours' });
  expect(simulator.calls).toEqual([]);
});

test('a pull URL is collected from and never created', async () => {
  const { simulator, open } = await startSource();
  await open('risk', 'portal');
  simulator.generate('risk', 5);
  const pullUrl = `${simulator.url}/activities/v1/activities/collect?type=risk&stream_id=portal&batch_size=2`;
  const source = openMosaicSource({
    secretId: 'mosaic-secret',
    mosaic: {
      url: simulator.url,
      apiVersion: 'v1',
      readCredentials: async () => simulator,
      tokens: createTokenCache(),
      now,
      wireCapBytes: 1_000_000,
    },
    address: { pullUrl },
    autoReopen: true,
    enrichment: false,
    reopenTimeoutMs: 20_000,
  });
  onTestFinished(() => source.close());
  expect((await source.collect(collectRequest())).kind).toBe('answer');
  expect(simulator.calls.at(-1)).toMatchObject({ events: 2 });
  const before = simulator.calls.length;
  expect(await source.reopen(new AbortController().signal)).toMatchObject({ kind: 'not-ours' });
  expect(simulator.calls).toHaveLength(before);
});

test('no call of the client stops collection', async () => {
  const { simulator, source } = await startSource();
  await source.reopen(new AbortController().signal);
  await source.collect(collectRequest());
  expect(simulator.calls.map(({ operation }) => operation)).toEqual([
    'token',
    'start-collect',
    'create-stream',
    'collect',
  ]);
});
