import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBatchMetadata, writeBatchMetadata } from '../../../functions/stored/journaled-batch.ts';
import {
  type QuarantineReason,
  readQuarantineMetadata,
  writeQuarantineMetadata,
} from '../../../functions/stored/quarantine-entry.ts';
import { anyEncoding, anyName } from './hostile-names.ts';

const facts = { collectedAt: fc.integer({ min: 0, max: 4e12 }), stream: anyName, encoding: anyEncoding };

test("a batch's metadata are read as they were written, names in lower case and values texts", () => {
  fc.assert(
    fc.property(
      fc.record(
        { ...facts, cutOff: fc.boolean(), recovered: fc.constant(true) },
        { requiredKeys: ['collectedAt', 'stream', 'encoding', 'cutOff'] },
      ),
      (batch) => {
        const written = writeBatchMetadata(batch);

        expect(readBatchMetadata(written)).toEqual(batch);
        for (const [name, value] of Object.entries(written)) {
          expect(name).toBe(name.toLowerCase());
          expect(typeof value).toBe('string');
        }
      },
    ),
  );
});

test("an entry's metadata are read as they were written", () => {
  const reason = fc.constantFrom<QuarantineReason>('cut-off', 'not-an-array', 'event-above-record-limit');
  fc.assert(
    fc.property(fc.record({ ...facts, reason }), (entry) => {
      expect(readQuarantineMetadata(writeQuarantineMetadata(entry))).toEqual(entry);
    }),
  );
});
