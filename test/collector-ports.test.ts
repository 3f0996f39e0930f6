import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../functions/collector/protocol/ports');

test("no port of the collector's protocol has more than eight methods", () => {
  const files = globSync('*.ts', { cwd: folder });
  const counts = files.flatMap((file) => methodCounts(readFileSync(join(folder, file), 'utf8')));

  expect(counts.length).toBeGreaterThan(10);
  expect(counts.filter(({ methods }) => methods > 8)).toEqual([]);
});

test('methods are counted, and members that hold values or functions are not', () => {
  const source = [
    'export interface Port {',
    '  readonly name: string;',
    '  /** Says (so) it. */',
    '  say(words: string): void;',
    '  ask(',
    '    words: string,',
    '  ): Promise<string>;',
    '}',
  ].join('\n');

  expect(methodCounts(source)).toEqual([{ name: 'Port', methods: 2 }]);
});

function methodCounts(source: string) {
  return [...source.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].map(
    ([, name, body = '']) => ({
      name,
      methods: body.match(/^ {2}\w+\??\(/gm)?.length ?? 0,
    }),
  );
}
