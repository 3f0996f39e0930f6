import { gzipSync } from 'node:zlib';
import { type AzureLogsIngestion, startAzureLogsIngestion } from '@mosaic-relay/siem-receivers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EntraSecret } from '../../../functions/object-copier/contract.ts';
import type { ObjectSink } from '../../../functions/object-copier/ports.ts';
import { asRows, groupLines } from '../../../functions/object-copier/sinks/array-calls.ts';
import { azureLogsSink } from '../../../functions/object-copier/sinks/azure-logs-sink.ts';
import { entraTokens } from '../../../functions/object-copier/sinks/entra-tokens.ts';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { neverAborted, type RecordedClock, recordedClock } from './patient.ts';

const ruleId = `dcr-${'0'.repeat(32)}`;
const stream = 'Custom-MosaicEvents_CL';
let now: number;
let azure: AzureLogsIngestion;
let sink: ObjectSink;
let clock: RecordedClock;
let secret: EntraSecret;
let secretReads: number;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  secret = { tenant_id: 'tenant', client_id: 'client', client_secret: 'first' };
  secretReads = 0;
  const application = { tenantId: 'tenant', clientId: 'client', clientSecret: 'first' };
  azure = await startAzureLogsIngestion({ clock: { now: () => now }, application, ruleId, stream });
  clock = recordedClock(() => now);
  const tokens = entraTokens(
    { url: azure.url, audience: 'monitor.azure.com' },
    async () => {
      secretReads += 1;
      return { kind: 'secret', secret };
    },
    clock,
  );
  sink = azureLogsSink({ url: azure.url, ruleId, stream }, tokens, clock);
});

afterEach(() => azure.close());

const put = (lines: readonly string[]) =>
  sink.put({ key: 'k', bytes: gzipSync(lines.map((line) => `${line}\n`).join('')) }, neverAborted);
const received = () => azure.events.map((event) => event.toString());
const event = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

describe('the Azure Logs sink', () => {
  test('events arrive as their own bytes, many to a call', async () => {
    const lines = ['{"n":1.50,"big":12345678901234567890}', '{"k":1,"k":2,"u":"\\u00e9"}'];
    expect(await put(lines)).toEqual({ kind: 'stored', already: false });
    expect(received()).toEqual(lines);
    expect(azure.callSizes).toHaveLength(1);
  });

  test('events arrive in the same way from gzip members in a row, plain lines, and members within a member', async () => {
    const lines = [event(20), event(21), event(22), event(23)];
    const [first, second, third, fourth] = lines.map((line) => Buffer.from(`${line}\n`));
    const records = [gzipSync(first!), second!, gzipSync(third!), gzipSync(gzipSync(fourth!))];
    const outcome = await sink.put({ key: 'k', bytes: Buffer.concat(records) }, neverAborted);
    expect(outcome).toEqual({ kind: 'stored', already: false });
    expect(received()).toEqual(lines);
  });

  test('no call is above a megabyte', async () => {
    const lines = Array.from({ length: 25 }, () => event(100_000));
    expect(await put(lines)).toMatchObject({ kind: 'stored' });
    expect(received()).toEqual(lines);
    expect(azure.callSizes).toEqual([900_100, 900_100, 700_078]);
  });

  test('a call that is too large after all is split, and an event that is too large alone holds back no other', async () => {
    azure.faults.maxBytes = 1_000;
    const lines = [event(300), event(300), event(2_000), event(300), event(300)];
    expect(await put(lines)).toMatchObject({ kind: 'poison', reason: 'event-too-large' });
    expect(received()).toEqual(lines.filter((line) => line.length < 1_000));
  });

  test('throttling is waited out as long as it asks', async () => {
    azure.faults.refuse = { status: 429, headers: { 'retry-after': '5' }, times: 1, paths: /streams/ };
    expect(await put([event(10)])).toMatchObject({ kind: 'stored' });
    expect(clock.waits).toEqual([5_000]);
  });

  test('a secret that was rotated is read again', async () => {
    await put([event(10)]);
    azure.rotateSecret('second', 0);
    secret = { ...secret, client_secret: 'second' };
    now += 3_599_000;
    expect(await put([event(10)])).toMatchObject({ kind: 'stored' });
    expect(secretReads).toBe(2);
  });

  test('a token that is refused is replaced once', async () => {
    await put([event(10)]);
    azure.faults.refuse = { status: 401, times: 1, paths: /streams/ };
    expect(await put([event(10)])).toMatchObject({ kind: 'stored' });
    expect(secretReads).toBe(2);
  });

  test.each<[string, () => void, object]>([
    [
      'a wrong secret',
      () => (secret = { ...secret, client_secret: 'other' }),
      { kind: 'refused', status: 401 },
    ],
    [
      'an application without a role',
      () => (azure.faults.roleMissing = true),
      { kind: 'refused', status: 403 },
    ],
    ['an API that fails', () => (azure.faults.refuse = { status: 503 }), { kind: 'busy', status: 503 }],
  ])('%s leaves the message in the queue', async (_, change, outcome) => {
    change();
    const result = await put([event(10)]);
    expect(result).toMatchObject(outcome);
    expect(JSON.stringify(result)).not.toContain('other');
    expect(azure.events).toEqual([]);
  });

  test('an object that would not fit into memory once it is decompressed is too large', async () => {
    const bytes = gzipSync(Buffer.alloc(257 * 1024 * 1024, 'x'), { level: 1 });
    expect(await sink.put({ key: 'k', bytes }, neverAborted)).toMatchObject({
      kind: 'poison',
      reason: 'object-too-large',
      message: expect.stringContaining('more than 256 MiB'),
    });
  });

  test('an object that is no gzip, or was cut off, is poison', async () => {
    const whole = gzipSync(`${event(50_000)}\n`);
    const attempts = [Buffer.from('plain'), whole.subarray(0, whole.length - 9)];
    for (const bytes of attempts) {
      const outcome = await sink.put({ key: 'k', bytes }, neverAborted);
      expect(outcome).toMatchObject({ kind: 'poison', reason: 'damaged-object' });
    }
  });
});

test('lines go into arrays in order, none lost, none changed, and none above the limit', () => {
  const line = fc
    .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    .filter((text) => !text.includes('\n'));
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 20, max: 400 }), (lines, maxBytes) => {
      const calls: Uint8Array[][] = [];
      const bytes = gzipSync(lines.map((text) => `${text}\n`).join(''));
      for (const group of groupLines(deliveredLines(bytes), maxBytes)) calls.push([...group]);
      expect(calls.flat().map((one) => Buffer.from(one).toString())).toEqual(lines);
      for (const group of calls.filter(({ length }) => length > 1)) {
        expect(asRows(group).length).toBeLessThanOrEqual(maxBytes);
      }
    }),
  );
});
