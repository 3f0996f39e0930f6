import { describe, expect, test } from 'vitest';
import { scanForEvents } from '../../../local/run/event-scan.ts';

describe('the scan for events in damaged bytes', () => {
  test.each([
    ['a body that was cut off', '[{"a":1},{"b":"}"},{"c":'],
    ['a wrapper', '{"events":[{"a":1},{"b":"}"}]}'],
    ['text around them', 'he said "yes: {"a":1}\n{"b":"}"} bye'],
  ])('finds those of %s', (_, text) => {
    expect(found(text)).toEqual(expect.arrayContaining(['{"a":1}', '{"b":"}"}']));
  });

  test('an escaped quote does not end a string', () => {
    expect(found('[{"a":"\\"}"}]')).toEqual(['{"a":"\\"}"}']);
  });

  test('deep nesting costs no more than its length', () => {
    const deep = 100_000;
    expect(found(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`)).toHaveLength(2);
  });
});

function found(text: string): string[] {
  const objects: string[] = [];
  scanForEvents(Buffer.from(text), (object) => objects.push(Buffer.from(object).toString()));
  return objects;
}
