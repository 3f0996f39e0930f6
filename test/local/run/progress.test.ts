import { describe, expect, test } from 'vitest';
import { createProgress } from '../../../local/run/progress.ts';

describe('progress', () => {
  test('is plain lines, at most one a second until the last, and only when something changed, where there is no terminal', () => {
    const { output, written } = capture(false);
    let now = 0;
    const progress = createProgress(output, () => now);
    const stream = { type: 'cis', total: 2_000, collected: 0, delivered: 0 };
    progress.stage('Deploying');
    progress.update([stream]);
    progress.update([{ ...stream, collected: 1_000 }]);
    now = 1_000;
    progress.update([stream]);
    progress.update([{ ...stream, collected: 2_000, delivered: 1_500 }]);
    progress.update([{ ...stream, collected: 2_000, delivered: 2_000 }]);
    progress.stop();
    progress.stop();
    expect(written().split('\n')).toEqual([
      'Deploying',
      'collected > delivered: cis 0 > 0 of 2,000',
      'collected > delivered: cis 2,000 > 1,500 of 2,000',
      'collected > delivered: cis 2,000 > 2,000 of 2,000',
      '',
    ]);
  });

  test('of long work on a terminal is a line at once, which says in the end how long it took', () => {
    const { output, written } = capture(true);
    let now = 0;
    const progress = createProgress(output, () => now);
    progress.stage('Synthesising', 'long');
    expect(written()).toBe('\r\u001b[2KSynthesising …');
    now = 61_000;
    progress.stage('Starting');
    progress.stop();
    expect(written().split('\r').at(-1)).toBe('\u001b[2KSynthesising (61 s)\nStarting\n');
  });

  test('of long work is one line at once where there is no terminal', () => {
    const { output, written } = capture(false);
    createProgress(output, () => 0).stage('Synthesising', 'long');
    expect(written()).toBe('Synthesising\n');
  });

  test('is a bar a stream on a terminal, which gets its cursor back', () => {
    const { output, written } = capture(true);
    const progress = createProgress(output, () => 0);
    progress.update([
      { type: 'cis', total: 10, collected: 10, delivered: 5 },
      { type: 'admin', total: 10, collected: 0, delivered: 0 },
    ]);
    progress.stop();
    progress.stop();
    expect(written()).toContain('cis');
    expect(written()).toContain('10 collected, 5 delivered of 10');
    expect(written()).toContain('admin');
    expect(written()).toContain('\u001b[?25h');
  });
});

function capture(isTTY: boolean) {
  const parts: string[] = [];
  const output = {
    isTTY,
    columns: 120,
    rows: 40,
    write(text: string) {
      parts.push(text);
      return true;
    },
    on() {},
    once() {},
    removeListener() {},
  };
  return { output: output as never, written: () => parts.join('') };
}
