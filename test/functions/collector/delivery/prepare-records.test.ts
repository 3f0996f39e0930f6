import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createLineFormat } from '../../../../functions/collector/delivery/formats/line-formats.ts';
import { createRelayLine } from '../../../../functions/collector/delivery/formats/relay-line.ts';
import { prepareRecords } from '../../../../functions/collector/delivery/prepare-records.ts';
import { cutOf, eventOf } from '../answers/cut-of.ts';

const facts = { type: 'cis', stream: 'relay-cis', collectedAt: Date.UTC(2026, 2, 1) };
const lines = { format: createRelayLine('dev'), packing: 'lines' } as const;

for (const bytes of [512, 1_024, 2_048, 5_120]) {
  for (const format of ['relay-line', 'splunk-envelope']) {
    test(`Firehose bills at most 1.03 of what is packed: ${format}, events of ${bytes} bytes`, () => {
      const cut = cutOf(Array.from({ length: 1_000 }, (_, i) => eventOf(bytes, i)));
      const prepared = prepareRecords(cut, facts, {
        format: createLineFormat(format, 'dev'),
        packing: 'lines',
      });
      expect(prepared.billedBytes / prepared.rawBytes).toBeLessThanOrEqual(1.03);
    });
  }
}

test('packed records end in a line feed and hold each event once, in order', () => {
  const events = Array.from({ length: 1_000 }, (_, i) => eventOf(300, i));
  const prepared = prepareRecords(cutOf(events), facts, lines);
  const texts = prepared.records.map((record) => Buffer.from(record).toString());
  expect(texts.every((text) => text.endsWith('}\n'))).toBe(true);
  const sent = texts.join('').split('\n').slice(0, -1);
  expect(sent.map((line) => line.replace(/,"_relay":.*/, '}'))).toEqual(events);
  expect(texts.map((text) => text.split('\n').length - 1)).toEqual(prepared.eventsPerRecord);
  expect(prepared).toMatchObject({
    events: 1_000,
    rawBytes: Buffer.byteLength(texts.join('')),
    oversized: [],
  });
});

test('single packing sends one event a record, without a line feed', () => {
  const prepared = prepareRecords(cutOf([eventOf(300), '7']), facts, { ...lines, packing: 'single' });
  expect(prepared.eventsPerRecord).toEqual([1, 1]);
  expect(Buffer.from(prepared.records[0]!).toString()).toMatch(/^\{"activity.*\}\}$/);
  expect(Buffer.from(prepared.records[1]!).toString()).toMatch(/^\{"event":7,"_relay":.*\}\}$/);
  expect(prepared.billedBytes).toBe(2 * 5_120);
});

test('line breaks between tokens arrive as spaces, so that an event stays one line', () => {
  const prepared = prepareRecords(cutOf(['{\r\n"a":1\n}']), facts, lines);
  expect(Buffer.from(prepared.records[0]!).toString()).toMatch(/^\{ {2}"a":1 ,"_relay":\{[^\n]*\}\}\n$/);
});

test('an event whose line is above 1,000 KiB is set aside as received, and the rest goes', () => {
  const big = eventOf(1_024_000).replace('","n"', '",\n"n"');
  const prepared = prepareRecords(cutOf(['{"n":1}', big, '{"n":2}']), facts, lines);
  expect(prepared.events).toBe(2);
  expect(prepared.oversized.map(({ index }) => index)).toEqual([1]);
  expect(Buffer.from(prepared.oversized[0]!.bytes).toString()).toBe(big);
});

test('a line of exactly 1,000 KiB still goes, with its line feed counted where there is one', () => {
  const single = { ...lines, packing: 'single' } as const;
  const overhead = prepareRecords(cutOf([eventOf(200)]), facts, single).rawBytes - 200;
  const cut = cutOf([eventOf(1_024_000 - overhead)]);
  expect(prepareRecords(cut, facts, single)).toMatchObject({ events: 1, rawBytes: 1_024_000, oversized: [] });
  expect(prepareRecords(cut, facts, lines)).toMatchObject({ events: 0, oversized: [{ index: 0 }] });
});

test('compressed records are gzip members that, one after the other, are the lines', () => {
  const cut = cutOf(Array.from({ length: 1_000 }, (_, i) => eventOf(1_000, i)));
  const plain = prepareRecords(cut, facts, lines);
  const compressed = prepareRecords(cut, facts, { ...lines, compressRecords: true });
  expect(gunzipSync(Buffer.concat(compressed.records))).toEqual(Buffer.concat(plain.records));
  expect(compressed.eventsPerRecord).toEqual([500, 500]);
  expect(compressed.rawBytes).toBe(plain.rawBytes);
  expect(compressed.billedBytes).toBeLessThan(plain.billedBytes / 3);
});

test('what compresses badly is parted until each member fits a record', () => {
  const noise = (bytes: number) => `{"pad":"${randomBytes(bytes * 0.75).toString('base64')}"}`;
  const cut = cutOf([...Array.from({ length: 20 }, () => noise(200_000)), noise(2_000_000), noise(10_000)]);
  const prepared = prepareRecords(cut, facts, { ...lines, compressRecords: true });
  expect(Math.max(...prepared.records.map((record) => record.length))).toBeLessThanOrEqual(1_024_000);
  expect(prepared.oversized.map(({ index }) => index)).toEqual([20]);
  expect(prepared.events).toBe(21);
});

test('preparing a batch again gives the same bytes', () => {
  const events = Array.from({ length: 50 }, (_, i) => eventOf(400, i));
  const compressed = { ...lines, compressRecords: true };
  expect(prepareRecords(cutOf(events), facts, compressed).records).toEqual(
    prepareRecords(cutOf(events), facts, compressed).records,
  );
});

test("a batch's records stay as they are while others are prepared, until they are released", () => {
  const first = prepareRecords(cutOf([eventOf(400, 1)]), facts, lines);
  const before = Buffer.concat(first.records);
  prepareRecords(cutOf([eventOf(400, 2)]), facts, lines).release();
  prepareRecords(cutOf([eventOf(400, 3)]), facts, lines);
  expect(Buffer.concat(first.records)).toEqual(before);
});

test('no record of several lines is larger than what the delivery stream takes in a second', () => {
  const cut = cutOf(Array.from({ length: 500 }, (_, i) => eventOf(1_024, i)));
  const sizes = (quotaBytesPerSecond: number) =>
    prepareRecords(cut, facts, { ...lines, quotaBytesPerSecond }).records.map(({ length }) => length);
  expect(Math.max(...sizes(100_000))).toBeLessThanOrEqual(100_000);
  expect(sizes(10 * 1024 * 1024)).toEqual(
    prepareRecords(cut, facts, lines).records.map(({ length }) => length),
  );
});

test('no compressed record of several lines is larger than that either', () => {
  const noise = () => `{"pad":"${randomBytes(750).toString('base64')}"}`;
  const cut = cutOf(Array.from({ length: 500 }, noise));
  const { records, events } = prepareRecords(cut, facts, {
    ...{ ...lines, compressRecords: true, quotaBytesPerSecond: 100_000 },
  });
  expect(events).toBe(500);
  expect(Math.max(...records.map(({ length }) => length))).toBeLessThanOrEqual(100_000);
});

test('an empty batch makes no records', () => {
  const prepared = prepareRecords(cutOf([]), facts, lines);
  expect(prepared).toMatchObject({
    records: [],
    eventsPerRecord: [],
    events: 0,
    rawBytes: 0,
    billedBytes: 0,
    oversized: [],
  });
});
