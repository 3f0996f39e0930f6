import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBodyWriter } from '../../../../functions/collector/adapters/put-records-body.ts';

test('a body holds the name and every record in base64, as JSON', () => {
  const writer = createBodyWriter('relay-cis-"s3"');
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }), (records) => {
      const body = writer.write(records);
      expect(JSON.parse(body.toString())).toEqual({
        DeliveryStreamName: 'relay-cis-"s3"',
        Records: records.map((record) => ({ Data: Buffer.from(record).toString('base64') })),
      });
      writer.free(body);
    }),
  );
});

test.each([24 * 1024 - 1, 24 * 1024, 24 * 1024 + 1, 100_000])(
  'a record of %d bytes, written in pieces, is one text',
  (length) => {
    const record = Uint8Array.from({ length }, (_, index) => index % 251);
    const body = createBodyWriter('s').write([record.subarray(3)]);

    const { Records } = JSON.parse(body.toString()) as { Records: { Data: string }[] };
    expect(Records[0]!.Data).toBe(Buffer.from(record.subarray(3)).toString('base64'));
  },
);

test('two bodies at once do not share their bytes', () => {
  const writer = createBodyWriter('s');
  writer.free(writer.write([Buffer.from('earlier')]));
  const first = writer.write([Buffer.from('first')]);
  const before = first.toString();
  writer.write([Buffer.from('other')]);

  expect(first.toString()).toBe(before);
});
