import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReplayOptions, replay } from '../../../cli/replay/replay.ts';
import { collectedAt, events, numbersIn, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
/** The key of an object that expires just before it is read. */
let expiring: string | undefined;
beforeEach(async () => {
  expiring = undefined;
  small = await startSmallRelay({
    interfere: ({ operation, path }) =>
      operation === 'GetObject' && expiring !== undefined && path.includes(expiring)
        ? { before: () => small.bucket.remove(expiring!) }
        : undefined,
  });
});
afterEach(() => small.close());

function replayed(options: Partial<ReplayOptions> = {}) {
  const { relay, stream } = small;
  return replay({ relay, stream, sources: ['journal'], rate: Number.POSITIVE_INFINITY, ...options });
}

test('an error object that does not decompress is named, and the objects after it are replayed', async () => {
  await small.collect([events(0, 2)]);
  small.receiver.faults.down = true;
  await replayed({ destination: 'siem' });
  await small.settle();
  small.receiver.faults.down = false;
  const damaged = gzipSync('{"rawData":""}').subarray(0, 20);
  const key = 'backup/cis/siem/a-damaged-one.gz';
  await small.bucket.put(key, { body: damaged, metadata: {} });

  const report = await replayed({ sources: ['firehose-errors'] });

  await small.settle();
  expect(report.sent).toEqual({ siem: { 'firehose-errors': 2 } });
  expect(report.failed).toEqual([
    { source: 'firehose-errors', key, reason: expect.stringMatching(/does not decompress \(Z_BUF_ERROR\)/) },
  ]);
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 1]);
  expect(await small.keys('backup/')).toEqual([key]);
});

test('where one record of an error object does not decompress, the others are sent', async () => {
  const relayLine = `{"n":1,"_relay":{"type":"cis","stream":"s","id":"${'a'.repeat(32)}","collected_at":"${new Date(collectedAt).toISOString()}"}}\n`;
  const error = (data: Buffer) => `{"rawData":"${data.toString('base64')}"}`;
  const packed = gzipSync(relayLine);
  const body = Buffer.from([error(packed.subarray(0, 30)), error(packed)].join('\n'));
  await small.bucket.put('backup/cis/siem/x', { body, metadata: {} });

  const report = await replayed({ sources: ['firehose-errors'] });

  expect(report.events).toBe(1);
  expect(report.failed.map(({ reason }) => reason)).toEqual(['1 of its error records do not decompress']);
});

test('an object that expires between listing and reading is named, and the next is sent', async () => {
  await small.collect([events(0, 2), events(2, 4)]);
  expiring = 'journal/cis/2026-03-01/run-1/000001.json';

  const report = await replayed({ destination: 's3' });

  expect(report.sent).toEqual({ s3: { journal: 2 } });
  expect(report.failed).toEqual([
    { source: 'journal', key: expiring, reason: expect.stringContaining('S3 no longer has it') },
  ]);
});
