import type { AlarmChange } from '@mosaic-relay/cdk-loopback';
import { expect, test } from 'vitest';
import { alarmLines } from '../../../local/run/alarm-lines.ts';

test('each alarm that goes red or recovers is told once, and one that is well from the start is not', () => {
  const history: AlarmChange[] = [];
  const news = alarmLines(history);
  const change = (from: AlarmChange['from'], to: AlarmChange['to'], minute: number): void => {
    const time = Date.UTC(2026, 2, 2, 8, minute);
    history.push({ name: 'dev-cis-Failing', time, from, to, reason: 'three runs failed', told: [] });
  };
  change('INSUFFICIENT_DATA', 'OK', 0);
  expect(news()).toEqual([]);
  change('OK', 'ALARM', 17);
  expect(news()).toEqual(['2026-03-02 08:17 UTC ALARM dev-cis-Failing: three runs failed']);
  expect(news()).toEqual([]);
  change('ALARM', 'OK', 40);
  expect(news()).toEqual(['2026-03-02 08:40 UTC dev-cis-Failing recovers']);
});
