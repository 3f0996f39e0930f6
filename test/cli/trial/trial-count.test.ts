import { expect, test } from 'vitest';
import { countTrial } from '../../../cli/trial/trial-count.ts';
import { trialSummary } from '../../../cli/trial/trial-summary.ts';

test('a summary has rates, sizes, activities, cost, schedule and personal members, and no value of an event', () => {
  const counted = countTrial('cis');
  for (let number = 0; number < 120; number += 1) counted.add(event(number));
  const facts = counted.facts(60_000);

  expect(facts).toMatchObject({
    events: 120,
    eventsPerSecond: 2,
    activities: [
      { activity: 'user_login', events: 90 },
      { activity: 'create_user', events: 30 },
    ],
  });
  expect(facts.personal.map(({ path, why }) => [path, why])).toEqual([
    ['user_id', 'id of a person'],
    ['ip', 'IP address'],
    ['additionalParams.contacts.*.value', 'e-mail address'],
    ['additionalParams.note', 'telephone number'],
  ]);
  const text = trialSummary('https://api.eu.transmitsecurity.io', [facts]).join('\n');
  expect(text).toContain('cis: 120 events in 60 s, 2.0 a second, 172,800 a day');
  expect(text).toContain('Activities: user_login 90, create_user 30');
  expect(text).toMatch(/Cost at this rate: \$\d+\.\d\d a month to collect every 5 min/);
  expect(text).toContain("environment: 'eu',");
  expect(text).not.toMatch(/alice|192\.0\.2|u-17|\+49/);
});

test('an existing stream with a backlog is rated by the time in which its events were raised', () => {
  const counted = countTrial('cis');
  for (const hour of ['08', '09', '10'])
    counted.add(Buffer.from(JSON.stringify({ timestamp: `2026-03-02T${hour}:00:00.000Z` })));

  expect(counted.facts(10_000)).toMatchObject({ spanMs: 7_200_000, eventsPerSecond: 3 / 7_200 });
});

test('a trial without events says so, what its cost is, and how to see more', () => {
  const text = trialSummary('https://api.eu.transmitsecurity.io', [countTrial('admin').facts(60_000)]).join(
    '\n',
  );

  expect(text).toMatch(/^admin: no event in 60 s\. .*--for 1h$/m);
  expect(text).toMatch(/Cost: \$\d+\.\d\d a month without events/);
});

test('bytes that are no object are counted, and look like nothing personal', () => {
  const counted = countTrial('cis');
  for (const text of ['null', '"a@b.example"', '{"activity":', '[1]']) counted.add(Buffer.from(text));

  expect(counted.facts(1_000)).toMatchObject({ events: 4, personal: [] });
});

function event(number: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      activity: number % 4 === 0 ? 'create_user' : 'user_login',
      user_id: 'u-17',
      ip: '192.0.2.7',
      timestamp: '2026-03-02T08:00:00.000Z',
      additionalParams:
        number % 4 === 0
          ? { contacts: [{ value: 'alice@example.com' }] }
          : number % 8 === 1
            ? { note: '+49 30 1234567' }
            : {},
    }),
  );
}
