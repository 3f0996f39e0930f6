import { createMetricStore } from '@mosaic-relay/cdk-loopback';
import { expect, test } from 'vitest';
import { readDashboard } from '../../../local/page/dashboard-body.ts';
import { widgetData } from '../../../local/page/widget-data.ts';
import { stageOf, stageSettings } from '../synthesized.ts';
import { everySort, metricsOfWidget, monitoredOf, monitoredStream, quietViews } from './monitored.ts';

const now = Date.UTC(2026, 2, 2, 8);
const { widgets } = monitoredStream({ name: 'one', destinations: everySort });

/** Tells metrics by name, to the destination where one is named, some minutes ago. */
type Tell = (
  name: string,
  value: number,
  told?: { readonly to?: string; readonly minutesAgo?: number },
) => void;

/** The lines of the widgets whose titles begin so, as CloudWatch would show them. */
function linesOf(titles: readonly string[], tell: (tell: Tell) => void) {
  const chosen = widgets.filter(({ properties }) =>
    titles.some((title) => properties.title?.startsWith(title)),
  );
  const named = chosen.flatMap(metricsOfWidget);
  const store = createMetricStore();
  tell((name, value, { to = '', minutesAgo = 1 } = {}) => {
    const metric = named.find(
      (each) => each.name === name && Object.values(each.dimensions).join(' ').includes(to),
    );
    if (metric === undefined) throw new Error(`the widgets do not look at ${name} ${to}`);
    store.add(metric, { time: now - minutesAgo * 60_000, value, unit: 'Count' });
  });
  const { widgets: drawn } = readDashboard('relay', JSON.stringify({ widgets: chosen }));
  return drawn.flatMap((each) => widgetData(each, store, { from: now - 3_600_000, to: now }));
}

/** The newest values of the two charts on top. */
function verdict(tell: (tell: Tell) => void): readonly unknown[] {
  return linesOf(['Since when', 'How many'], tell).map(({ values }) =>
    values.filter((value) => value !== null).at(-1),
  );
}

test('the charts on top are 0 when every sweep says so and Firehose delivers at its usual pace', () => {
  const values = verdict((tell) => {
    tell('OldestUndelivered', 0);
    tell('DeliveryToSplunk.Success', 1);
    tell('DeliveryToSplunk.DataFreshness', 290);
  });
  expect(values).toEqual([0, 0]);
});

test.each([
  ['a batch of the journal', { OldestUndelivered: 7_200, Waiting: 40, WaitingAge: 7_200 }, 120, 40],
  ['what Firehose gave up', { OldestUndelivered: 0, Waiting: 8_340, WaitingAge: 12_000 }, 200, 8_340],
  ['an entry in quarantine', { OldestUndelivered: 0, Waiting: 1 }, 0, 1],
  [
    'what Firehose holds while its attempts fail',
    {
      OldestUndelivered: 0,
      EventsCollected: 120,
      'DeliveryToSplunk.Success': 0,
      'DeliveryToSplunk.DataFreshness': 3_600,
    },
    60,
    // 120 events in an hour, of which a twelfth counts for each 5 minutes.
    120,
  ],
  [
    "messages in a copier's queue",
    { OldestUndelivered: 0, ApproximateAgeOfOldestMessage: 1_200, ApproximateNumberOfMessagesVisible: 3 },
    20,
    3,
  ],
])('the charts on top are above 0 for %s', (_, told, minutes, events) => {
  const values = verdict((tell) => {
    for (const [name, value] of Object.entries(told)) tell(name, value);
  });
  expect(values).toEqual([minutes, events]);
});

test('without a sweep the charts on top show nothing rather than 0', () => {
  expect(verdict(() => undefined)).toEqual([undefined, undefined]);
});

test('a period in which no sweep has told yet has no value, so that nothing looks like a recovery', () => {
  const values = verdict((tell) => {
    tell('OldestUndelivered', 0, { minutesAgo: 7 });
    tell('Waiting', 8_340, { minutesAgo: 7 });
    tell('WaitingAge', 12_000, { minutesAgo: 7 });
    tell('DeliveryToSplunk.Success', 0);
    tell('DeliveryToSplunk.DataFreshness', 60);
    tell('EventsCollected', 10);
  });
  expect(values).toEqual([200, 8_340]);
});

/** The lines of a stream's own row, by label: the sums of what they show. */
function delivered(tell: (tell: Tell) => void) {
  const lines = linesOf(['one: collected'], tell);
  return Object.fromEntries(
    lines.map(({ label, values }) => [label, values.reduce<number>((sum, value) => sum + (value ?? 0), 0)]),
  );
}

test('beside collected events stands what each receiver took of them, less what a view drops', () => {
  const sums = delivered((tell) => {
    for (const minutesAgo of [30, 20, 10]) {
      tell('EventsCollected', 100, { minutesAgo });
      tell('EventsDropped', 20, { minutesAgo });
      for (const to of ['-s3', '-splunk']) tell('IncomingRecords', 4, { to, minutesAgo });
      tell('DeliveryToS3.Records', 4, { to: '-s3', minutesAgo });
    }
    // Splunk has taken a third of its records, and refuses since.
    tell('DeliveryToSplunk.Records', 4, { minutesAgo: 30 });
    // Two objects were copied, and two wait that did not before.
    tell('ObjectsCopied', 2, { to: 'gcs', minutesAgo: 20 });
    tell('ApproximateNumberOfMessagesVisible', 0, { minutesAgo: 30 });
    tell('ApproximateNumberOfMessagesVisible', 2, { minutesAgo: 25 });
  });
  expect(sums).toMatchObject({
    collected: 300,
    'to s3': 240,
    'to splunk': 100,
    'to gcs': 150,
  });
});

test('a receiver that refuses every attempt has a line at 0, and not none', () => {
  const lines = linesOf(['one: collected'], (tell) => {
    tell('EventsCollected', 100);
    tell('DeliveryToSplunk.Success', 0);
  });
  const splunk = lines.find(({ label }) => label === 'to splunk');
  expect(splunk?.values.filter((value) => value !== null)).toEqual([0]);
});

test('no expression is longer than CloudWatch takes, with 20 streams of four destinations', () => {
  const streams = Array.from({ length: 20 }, (_, index) => ({
    id: `s${index}`,
    type: 'cis' as const,
    destinations: everySort,
  }));
  const large = monitoredOf(stageOf(stageSettings({ region: 'eu-west-1', views: quietViews, streams })));
  const expressions = large.widgets.flatMap(({ properties }) =>
    (properties.metrics ?? []).flatMap((row: readonly { readonly expression?: string }[]) =>
      row.flatMap(({ expression }) => expression ?? []),
    ),
  );
  expect(Math.max(...expressions.map((each: string) => each.length))).toBeLessThanOrEqual(2_048);
});
