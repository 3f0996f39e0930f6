import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRelayLine } from '../../../functions/collector/delivery/formats/relay-line.ts';
import { prepareRecords } from '../../../functions/collector/delivery/prepare-records.ts';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { cutOf, eventOf } from '../collector/answers/cut-of.ts';

const linesOf = (object: Uint8Array) => [...deliveredLines(object)].map((line) => line.toString());

/** What a collector puts for a batch, before and after a deploy that changes `compressRecords`. */
function recordsOf(events: readonly string[], compressRecords: boolean): Buffer[] {
  const format = createRelayLine('prod');
  const facts = { type: 'cis', stream: 'relay-cis', collectedAt: Date.UTC(2026, 2, 1) };
  const { records } = prepareRecords(cutOf([...events]), facts, {
    format,
    packing: 'lines',
    compressRecords,
  });
  return records.map((record) => Buffer.from(record));
}

test('an object holds the same lines in every form in which Firehose may have written it, also during an upgrade', () => {
  const batch = fc.record({
    events: fc.array(fc.integer({ min: 120, max: 3_000 }), { minLength: 1, maxLength: 12 }),
    compressRecords: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(batch, { maxLength: 6 }), fc.boolean(), (batches, firehoseCompresses) => {
      const objects = batches.map(({ events, compressRecords }, at) => ({
        records: recordsOf(
          events.map((bytes, index) => eventOf(bytes, at * 100 + index)),
          compressRecords,
        ),
        plain: recordsOf(
          events.map((bytes, index) => eventOf(bytes, at * 100 + index)),
          false,
        ),
      }));
      const body = Buffer.concat(objects.flatMap(({ records }) => records));
      const wanted = Buffer.concat(objects.flatMap(({ plain }) => plain)).toString();
      const read = linesOf(firehoseCompresses ? gzipSync(body) : body);
      expect(read).toEqual(wanted.split('\n').filter((line) => line !== ''));
    }),
    { numRuns: 200 },
  );
});

test('a member with a name, a comment and a header checksum is a member', () => {
  const plain = gzipSync('{"n":1}\n');
  const named = Buffer.concat([
    plain.subarray(0, 3),
    Buffer.from([4 + 8 + 16 + 2]),
    plain.subarray(4, 10),
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from('name\0comment\0'),
    Buffer.from([0, 0]),
    plain.subarray(10),
  ]);
  expect(linesOf(Buffer.concat([named, plain]))).toEqual(['{"n":1}', '{"n":1}']);
});

const member = gzipSync('{"n":1}\n');
const changed = Buffer.from(member);
changed[changed.length - 6]! ^= 1;

test.each([
  ['was cut off in its checksum', member.subarray(0, -3), []],
  ['was cut off in its data', Buffer.concat([member, member.subarray(0, -11)]), ['{"n":1}']],
  ['has a wrong checksum', Buffer.concat([member, changed]), ['{"n":1}']],
  ['goes on with something else', Buffer.concat([member, Buffer.from('no line')]), ['{"n":1}']],
  ['is no object of the relay', Buffer.from('no line'), []],
])('an object that %s is damaged, after the lines before', (_, object, before) => {
  const read: string[] = [];
  const readAll = () => {
    for (const line of deliveredLines(object)) read.push(line.toString());
  };
  expect(readAll).toThrow(expect.objectContaining({ code: 'DamagedObject' }));
  expect(read).toEqual(before);
});

test('a member that decompresses to more than the cap is refused by name, after the lines before it', () => {
  const capBytes = 1024 ** 2;
  const fits = gzipSync(`${'x'.repeat(capBytes - 1)}\n`);
  const large = gzipSync(`${'x'.repeat(capBytes)}\n`);
  const read: number[] = [];
  const readAll = () => {
    for (const line of deliveredLines(Buffer.concat([fits, large]), capBytes)) read.push(line.length);
  };
  expect(readAll).toThrow(expect.objectContaining({ code: 'ObjectAboveCap' }));
  expect(read).toEqual([capBytes - 1]);
});
