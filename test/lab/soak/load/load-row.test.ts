import { expect, test } from 'vitest';
import { describeRow, type LoadRow, raisedAfter } from '../../../../lab/soak/load/load-row.ts';
import { loadTable } from '../../../../lab/soak/load/load-table.ts';

const row: LoadRow = {
  ...{ rate: 2.5, quotaMiBPerSecond: 1, destinations: 1, everyMinutes: 5, hours: 1, outageHours: 0 },
};
const seconds = (count: number): number => count * 1_000;

test('events are raised evenly, and none after the hours of the row', () => {
  const raised = [-1, 0, 1, 2, 3_600, 9_999].map((at) => raisedAfter(row, seconds(at)));

  expect(raised).toEqual([0, 0, 2, 5, 9_000, 9_000]);
});

test('a burst is raised at its own rate, and the events after it at another', () => {
  const burst = { ...row, rate: 700, burst: { minutes: 20, rateAfter: 10 } };

  expect(raisedAfter(burst, seconds(1_200))).toBe(840_000);
  expect(raisedAfter(burst, seconds(1_210))).toBe(840_100);
  expect(describeRow(burst)).toBe(
    '1 MiB/s, 700 events/s for 20 minutes, then 10, every 5 minutes, 1 destination, 1 h',
  );
});

test('the table has every load, schedule and number of destinations, an outage and a burst', () => {
  const rows = loadTable(0.25);
  const titles = rows.map(({ load, ...rest }) =>
    'share' in load ? `${load.share} ${rest.everyMinutes} ${rest.destinations}` : 'burst',
  );

  expect(new Set(titles).size).toBe(23);
  expect(titles).toContain('0.85 15 2');
  expect(titles).toContain('0.5 5 8');
  expect(rows.filter(({ outageHours }) => outageHours === 1)).toMatchObject([{ destinations: 3 }]);
  expect(rows.at(-1)).toMatchObject({ load: { rate: 175 }, burst: { minutes: 20, rateAfter: 2.5 } });
  expect(rows.every(({ hours, quotaMiBPerSecond }) => hours === 3 && quotaMiBPerSecond === 0.25)).toBe(true);
});
