import { afterEach, describe, expect, test, vi } from 'vitest';
import { createProgress } from '../../../local/run/progress.ts';

const cis = { type: 'cis', generated: 2_000, collected: 1_000, delivered: 500 };

afterEach(() => void vi.unstubAllEnvs());

describe('progress without a terminal', () => {
  test('is a line every two seconds that says what is under way, how long it took, and the counters apart', () => {
    const { progress, written, pass } = started({ isTTY: false });
    progress.stage('Collecting', 'long');
    progress.update({ streams: [{ ...cis, collected: 0, delivered: 0 }] });
    pass(1_000);
    expect(written()).toBe('Collecting …\n');
    progress.update({ streams: [cis] });
    pass(1_000);
    progress.update({ streams: [cis], doing: 'Redelivering what splunk refused of cis' });
    pass(2_000);
    progress.stop();
    progress.stop();
    expect(written().split('\n')).toEqual([
      'Collecting …',
      'Collecting, 2 s …; cis  2,000 generated, 1,000 collected, 500 delivered',
      'Redelivering what splunk refused of cis, 4 s …; cis  2,000 generated, 1,000 collected, 500 delivered',
      'Collecting, 4 s; cis  2,000 generated, 1,000 collected, 500 delivered',
      '',
    ]);
  });

  test('is the same on a terminal that cannot move its cursor', () => {
    vi.stubEnv('TERM', 'dumb');
    const { progress, written, pass } = started({ isTTY: true });
    progress.stage('Synthesising', 'long');
    pass(2_000);
    progress.stage('Done');
    expect(written()).toBe('Synthesising …\nSynthesising, 2 s …\nSynthesising, 2 s\nDone\n');
  });
});

describe('progress on a terminal', () => {
  test('moves twice a second while nothing is told, and leaves a line of how long the work took', () => {
    const { progress, screen, pass } = started({ isTTY: true });
    progress.stage('Synthesising', 'long');
    expect(screen()).toEqual(['Synthesising …']);
    for (let second = 1; second <= 3; second += 1) {
      pass(1_000);
      expect(screen()).toEqual([`Synthesising, ${second} s …`]);
    }
    pass(58_000);
    progress.stage('Starting');
    expect(screen()).toEqual(['Synthesising, 61 s', 'Starting', '']);
  });

  test.each([40, 80, 120])('fits %i columns, and draws over its own lines alone', (columns) => {
    const { progress, screen, pass } = started({ isTTY: true, columns });
    progress.stage('Deployed');
    progress.stage('Collecting', 'long');
    for (let seconds = 0; seconds < 20; seconds += 1) {
      progress.update({ streams: [cis, { ...cis, type: 'admin' }], share: 0.25 });
      pass(1_000);
    }
    const lines = screen();
    expect(lines[0]).toBe('Deployed');
    expect(lines[1]).toBe('Collecting, 20 s, about 60 s left …');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(columns);
    expect(lines.slice(2).join(' ').replace(/ +/g, ' ')).toMatch(
      /^cis:? 2,000 generated, 1,000 collected, 500 delivered.* admin:? 2,000 generated/,
    );
    expect(lines.some((line) => line.includes('['))).toBe(columns > 70);
  });

  test('gives no estimate before a share of the run has shown its pace', () => {
    const { progress, screen, pass } = started({ isTTY: true });
    progress.stage('Collecting', 'long');
    progress.update({ streams: [], share: 0.01 });
    pass(60_000);
    expect(screen()).toEqual(['Collecting, 60 s …']);
  });
});

function started(output: { readonly isTTY: boolean; readonly columns?: number }) {
  const parts: string[] = [];
  let time = 0;
  const timers = new Set<{ readonly ms: number; due: number; readonly effect: () => void }>();
  const progress = createProgress(
    { ...output, write: (text: string | Uint8Array) => parts.push(String(text)) > 0 },
    {
      now: () => time,
      every(ms, effect) {
        const timer = { ms, due: time + ms, effect };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
  );
  const written = () => parts.join('');
  return {
    progress,
    written,
    screen: () => screenOf(written()),
    pass(ms: number) {
      for (const end = time + ms; time < end; ) {
        time += 100;
        for (const timer of [...timers]) {
          if (timer.due > time) continue;
          timer.due += timer.ms;
          timer.effect();
        }
      }
    },
  };
}

/** The lines that a terminal shows, which knows the line feed, the first column, going up, and clearing what follows. */
function screenOf(text: string): readonly string[] {
  const lines = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's own language
  for (const [part, up] of text.matchAll(/\u001b\[(\d+)A|\u001b\[0J|\r|\n|[^\u001b\r\n]+/g)) {
    if (up !== undefined) row -= Number(up);
    else if (part === '\u001b[0J') lines.splice(row, Number.POSITIVE_INFINITY, '');
    else if (part === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (part !== '\r') lines[row] += part;
  }
  return lines;
}
