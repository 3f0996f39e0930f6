import { expect, test } from 'vitest';
import { failedMessages } from '../../../aws/lambda/batch-response.ts';

const ids = ['a', 'b'];
const failed = (payload: unknown, reports = true) =>
  [...failedMessages(ids, { status: 'ok', payload }, reports)].join('');

test('only what a function names comes back', () => {
  expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toBe('b');
  expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] }, false)).toBe('');
  for (const nothing of [undefined, null, '', {}, { batchItemFailures: null }, { batchItemFailures: [] }]) {
    expect(failed(nothing)).toBe('');
  }
});

test('an answer that Lambda cannot read fails the batch, as an error does', () => {
  for (const id of ['', null, undefined, 'c'])
    expect(failed({ batchItemFailures: [{ itemIdentifier: id }] })).toBe('ab');
  expect(failed({ batchItemFailures: 'b' })).toBe('ab');
  expect([...failedMessages(ids, { status: 'timeout', payload: null }, true)]).toEqual(ids);
});
