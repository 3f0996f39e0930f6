import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createAsk } from '../../cli/ask.ts';

/** A terminal whose user types these pieces, each when the next question stands there. */
function typing(pieces: readonly (string | null)[]) {
  const input = new PassThrough();
  const shown: string[] = [];
  const output = new PassThrough();
  let next = 0;
  output.on('data', (piece: Buffer) => {
    shown.push(String(piece));
    if (!String(piece).endsWith('? ') || next >= pieces.length) return;
    const typed = pieces[next++];
    if (typed === null) input.end();
    else input.write(typed!);
  });
  return { ask: createAsk(input, output), shown };
}

describe('a question', () => {
  test('is answered by the line that is typed', async () => {
    const { ask } = typing(['dev\n', '\n']);

    expect([await ask('stage? '), await ask('region? ')]).toEqual(['dev', '']);
  });

  test('that comes after lines which were pasted in one piece is answered by the next of them', async () => {
    const { ask, shown } = typing(['dev\ncis\n5 minutes\n', 's3\n']);

    const answers = [await ask('1? '), await ask('2? '), await ask('3? '), await ask('4? ')];

    expect(answers).toEqual(['dev', 'cis', '5 minutes', 's3']);
    expect(shown.join('')).toContain('2? cis\n3? 5 minutes\n4? ');
  });

  test('has no answer where the input ends, and neither has the next', async () => {
    const { ask } = typing(['dev\n', null]);

    expect([await ask('1? '), await ask('2? '), await ask('3? ')]).toEqual(['dev', undefined, undefined]);
  });
});
