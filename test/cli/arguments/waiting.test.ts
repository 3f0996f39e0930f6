import { expect, test } from 'vitest';
import { beginWaiting } from '../../../cli/arguments/waiting.ts';

test('a line that waits counts the seconds each second, until it is ended', () => {
  let [text, now, isDrawing] = ['', 0, false];
  let draw = () => {};
  const clock = {
    now: () => now,
    every(ms: number, effect: () => void) {
      expect(ms).toBe(1_000);
      [isDrawing, draw] = [true, effect];
      return () => {
        isDrawing = false;
      };
    },
  };
  const last = () => text.split('\r\u001b[2K').at(-1);

  const end = beginWaiting('Synthesising', { write: (more) => (text += more) }, clock);
  expect([last(), isDrawing]).toEqual(['Synthesising …', true]);
  now = 12_300;
  draw();
  expect(last()).toBe('Synthesising (12 s) …');
  now = 14_000;
  end();
  end();
  expect([last(), isDrawing]).toEqual(['Synthesising (14 s)\n', false]);
});
