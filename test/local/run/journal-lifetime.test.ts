import { expect, test } from 'vitest';
import { journalKeptSince } from '../../../local/run/journal-lifetime.ts';
import type { World } from '../../../local/world.ts';

const now = Date.UTC(2026, 2, 31);

test('the journal keeps what the template’s lifecycle rule keeps', () => {
  const rules = [
    { Prefix: 'backup/', ExpirationInDays: 90 },
    { Prefix: 'journal/', ExpirationInDays: 30 },
  ];
  expect(journalKeptSince('relay', worldOf(rules))).toBe(Date.UTC(2026, 2, 1));
});

test('without such a rule the journal keeps everything', () => {
  expect(journalKeptSince('relay', worldOf([]))).toBe(Number.NEGATIVE_INFINITY);
  expect(journalKeptSince('other', worldOf([]))).toBe(Number.NEGATIVE_INFINITY);
});

function worldOf(Rules: readonly unknown[]) {
  const bucket = { physicalId: 'relay', properties: { LifecycleConfiguration: { Rules } } };
  return { clock: { now: () => now }, deployment: { byType: () => [bucket] } } as unknown as World;
}
