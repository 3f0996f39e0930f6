import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventId, eventIds } from '../../../../functions/collector/answers/event-id.ts';
import { cutOf, eventOf } from './cut-of.ts';

const independent = (type: string, text: string) =>
  createHash('sha256').update(`${type}\n${text}`).digest().subarray(0, 16).toString('hex');

test('an id is the first half of SHA-256 over type, line feed and bytes', () => {
  for (const text of ['{}', '{"a":"é"}', eventOf(20_000)]) {
    expect(eventId('cis', Buffer.from(text))).toBe(independent('cis', text));
  }
});

test('ids are of the bytes as received, also where lines are written without their line breaks', () => {
  const texts = ['{"a":\n1}', eventOf(9_000), '{"a": 1}'];
  const cut = cutOf(texts);
  expect(eventIds(cut, 'risk').toString()).toBe(texts.map((text) => independent('risk', text)).join(''));
});

test('another type gives other ids of the same cut', () => {
  const cut = cutOf(['{}']);
  expect(eventIds(cut, 'cis').toString()).toBe(independent('cis', '{}'));
  expect(eventIds(cut, 'admin').toString()).toBe(independent('admin', '{}'));
});
