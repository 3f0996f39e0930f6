import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StageOnThisMachine, stageOnThisMachine } from './start.ts';

let stage: StageOnThisMachine;
beforeAll(async () => {
  stage = await stageOnThisMachine({
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    keepData: false,
    terminationProtection: false,
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        destinations: [{ kind: 's3', quotaMiBPerSecond: 5 }],
      },
    ],
  });
});
afterAll(() => stage.remove());

const intervalSeconds = 300;

test.each([
  [1, '', { objects: 8, busySeconds: 10 }],
  [20, '', { objects: 8, busySeconds: 10 }],
  [100, '', { objects: 8, busySeconds: 20 }],
  [20, ' --source published-late', { objects: 12, busySeconds: 45 }],
  [20, ' --source unreadable-timestamps', { objects: 12, busySeconds: 45 }],
])(
  '%s events a second, all the time%s, cost little and wait for no more than two intervals',
  async (rate, source, most) => {
    const { code, report } = await stage.start(`--types cis --trickle ${rate}${source}`);
    const [{ generated, missing, trickle } = {}] = report.streams;

    expect(code).toBe(0);
    expect(missing).toBe(0);
    expect(Math.abs(generated! - rate * 3_600)).toBeLessThan(5 * Math.sqrt(rate * 3_600));
    expect(trickle).toMatchObject({ eventsPerSecond: rate, hours: 1 });
    expect(trickle!.oldestWaitSeconds).toBeLessThanOrEqual(2 * intervalSeconds);
    expect(trickle!.runs.length).toBeGreaterThanOrEqual(12);
    const events = trickle!.runs.reduce((sum, run) => sum + run.events, 0);
    expect(events).toBe(generated);
    for (const run of trickle!.runs) {
      expect(run.journalObjects).toBeLessThanOrEqual(run.events / 1_000 + most.objects);
      expect(run.busySeconds).toBeLessThan(most.busySeconds);
    }
  },
);
