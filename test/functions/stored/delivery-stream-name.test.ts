import { expect, test } from 'vitest';
import { isWrittenFor } from '../../../functions/stored/delivery-stream-name.ts';

const stream = 'mosaic-relay-prod-cis-s3-0a1b2c3d';

test.each([
  [
    'its own object',
    'delivered/cis/s3/2026/mosaic-relay-prod-cis-s3-0a1b2c3d-1-2026-03-01-09-30-00-uuid',
    true,
  ],
  [
    'an object of the delivery stream that its destination had before',
    'mosaic-relay-prod-cis-s3-4e5f6071-1-2026',
    true,
  ],
  ['an object of a destination whose name goes on', 'mosaic-relay-prod-cis-s3-eu-0a1b2c3d-1-2026', false],
  ['an object of another stream', 'mosaic-relay-prod-admin-s3-0a1b2c3d-1-2026', false],
])('%s belongs to a destination, or does not', (_, key, belongs) => {
  expect(isWrittenFor(stream, key)).toBe(belongs);
});

test('a name without a mark is that of one delivery stream', () => {
  expect(isWrittenFor('relay-cis-s3', 'relay-cis-s3-1-2026')).toBe(true);
  expect(isWrittenFor('relay-cis-s3', 'relay-cis-s4-1-2026')).toBe(false);
});
