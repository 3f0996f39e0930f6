import { expect, test } from 'vitest';
import { lossesOf } from '../../../lab/faults/losses.ts';
import type { StreamComparison } from '../../../local/run/comparison.ts';

const entry = { index: 0, bytes: Buffer.alloc(0), cause: undefined, call: 0 };
const ledger = () => [
  { ...entry, id: 'a', fate: 'lost' as const, cause: 'reset after consuming', call: 3 },
  { ...entry, id: 'b', fate: 'answered' as const, call: 4 },
  { ...entry, id: 'c', fate: 'answered' as const, call: 5 },
  { ...entry, id: 'd', fate: 'answered' as const, call: 6 },
];
const causeOf = (call: number) => (call === 4 || call === 6 ? 'killed at PutObject' : undefined);
const acknowledged = new Set<string>();

test('events lost on the wire, or with the process that held them, may be lost without a witness', () => {
  expect(lossesOf(missing(['a', 'b']), { ledger, causeOf, acknowledged, witnessed: false })).toEqual([
    { cause: 'reset after consuming', events: 1, batches: 1, allowed: true, ids: ['a'] },
    {
      cause: 'killed at PutObject, before the journal',
      events: 1,
      batches: 1,
      allowed: true,
      ids: ['b'],
    },
  ]);
});

test('with a witness nothing may be lost', () => {
  const losses = lossesOf(missing(['a']), { ledger, causeOf, acknowledged, witnessed: true });
  expect(losses).toEqual([
    { cause: 'reset after consuming', events: 1, batches: 1, allowed: false, ids: ['a'] },
  ]);
});

test('events without an explanation, and journaled events, may never be lost', () => {
  expect(lossesOf(missing(['c'], ['d']), { ledger, causeOf, acknowledged, witnessed: false })).toEqual([
    { cause: 'answered and never journaled', events: 1, batches: 1, allowed: false, ids: ['c'] },
    { cause: 'journaled and not delivered', events: 1, batches: 1, allowed: false, ids: ['d'] },
  ]);
});

test('an event that S3 acknowledged was not lost before the journal, whichever process was killed then', () => {
  const options = { ledger, causeOf, acknowledged: new Set(['b']), witnessed: false };
  expect(lossesOf(missing(['a', 'b']), options)).toEqual([
    { cause: 'reset after consuming', events: 1, batches: 1, allowed: true, ids: ['a'] },
    { cause: 'journaled, and gone from the journal', events: 1, batches: 1, allowed: false, ids: ['b'] },
  ]);
});

test('a batch that was lost while a table was put back may be forgotten', () => {
  const options = { ledger, causeOf, acknowledged, witnessed: false, forgets: (call: number) => call === 4 };
  expect(lossesOf(missing(['a', 'b']), options).map(({ forgotten }) => forgotten)).toEqual([undefined, 1]);
});

test('the events of each cause are named', () => {
  const many = Array.from({ length: 7 }, (_, index) => `e${index}`);
  const lost = () => many.map((id) => ({ ...entry, id, fate: 'lost' as const, cause: 'cut-off', call: 9 }));
  const options = { ledger: lost, causeOf, acknowledged, witnessed: false };
  expect(lossesOf(missing(many), options)).toEqual([
    { cause: 'cut-off', events: 7, batches: 1, allowed: true, ids: many },
  ]);
});

function missing(ids: readonly string[], journaled: readonly string[] = []) {
  const missingEvents = [
    ...ids.map((id) => ({ id, journaled: false })),
    ...journaled.map((id) => ({ id, journaled: true })),
  ];
  return { destinations: [{ missingEvents }] } as unknown as StreamComparison;
}
