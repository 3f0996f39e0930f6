import { expect, test } from 'vitest';
import { countUntold } from '../../../lab/faults/last-resorts.ts';
import { watchEndLines } from '../../../local/run/end-lines.ts';

const ledger = [
  { id: 'a', call: 3 },
  { id: 'b', call: 4 },
  { id: 'c', call: 4 },
];
const unjournaledBatches = [
  { collectedAt: 1, ids: ['a'] },
  { collectedAt: 2, ids: ['b', 'c'] },
];

test('a batch without a journal is a last resort if S3 was made to refuse the answer that held it', () => {
  const only = (refused: number) => countUntold({ unjournaledBatches }, ledger, (call) => call === refused);
  expect([only(3), only(4), only(5)]).toEqual([1, 1, 0]);
  expect(countUntold({ unjournaledBatches }, ledger)).toBe(0);
});

test('the last resorts of the log lines are added up by collector', () => {
  const endLines = watchEndLines();
  endLines.onLog('cis-collector', '{"message":"ended","task":"collect","lastResort":1,"events":5}');
  endLines.onLog('cis-collector', '{"message":"ended","task":"collect","lastResort":1}');
  endLines.onLog('cis-collector', '{"message":"ended","task":"sweep","swept":2}');
  endLines.onLog('cis-collector', 'no JSON with "lastResort" in it');
  endLines.onLog('admin-collector', '{"message":"ended","task":"collect","events":5}');
  expect(endLines.lastResortsOf({ functionName: 'cis-collector' })).toBe(2);
  expect(endLines.sweptBy({ functionName: 'cis-collector' })).toBe(2);
  expect(endLines.lastResortsOf({ functionName: 'admin-collector' })).toBe(0);
});
