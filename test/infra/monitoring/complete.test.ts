import { createMetricStore } from '@mosaic-relay/cdk-loopback';
import { expect, test } from 'vitest';
import { readDashboard } from '../../../local/page/dashboard-body.ts';
import { widgetData } from '../../../local/page/widget-data.ts';
import { stageOf, stageSettings } from '../synthesized.ts';
import { everySort, metricsOfWidget, monitoredOf, monitoredStream, quietViews } from './monitored.ts';

const now = Date.UTC(2026, 2, 2, 8);
const { widgets } = monitoredStream({ destinations: everySort });
const widget = widgets.find(({ properties }) => properties.title === 'Complete?')!;
const named = metricsOfWidget(widget);

/** The newest values of the widget, as CloudWatch would show them. */
function shown(tell: (add: (name: string, value: number) => void) => void) {
  const store = createMetricStore();
  const add = (name: string, value: number) => {
    const metric = named.find((each) => each.name === name);
    if (metric === undefined) throw new Error(`the widget does not look at ${name}`);
    store.add(metric, { time: now - 60_000, value, unit: 'Count' });
  };
  tell(add);
  const { widgets: [drawn] = [] } = readDashboard('relay', JSON.stringify({ widgets: [widget] }));
  const lines = widgetData(drawn!, store, { from: now - 3_600_000, to: now });
  return Object.fromEntries(
    lines.map(({ label, values }) => [label, values.filter((value) => value !== null).at(-1)]),
  );
}

const nothingWaits = { 'oldest waiting, minutes': 0, 'events waiting': 0 };

test('Complete? is 0 when every sweep says so and Firehose delivers at its usual pace', () => {
  const values = shown((add) => {
    add('OldestUndelivered', 0);
    add('DeliveryToSplunk.Success', 1);
    add('DeliveryToSplunk.DataFreshness', 290);
    add('PossibleLoss', 0);
  });
  expect(values).toEqual({ ...nothingWaits, 'batches possibly lost': 0 });
});

test.each([
  ['a batch of the journal', { OldestUndelivered: 7_200, Waiting: 40, WaitingAge: 7_200 }, 120, 40],
  ['what Firehose gave up', { OldestUndelivered: 0, Waiting: 8_340, WaitingAge: 12_000 }, 200, 8_340],
  ['an entry in quarantine', { OldestUndelivered: 0, Waiting: 1 }, 0, 1],
  [
    'what Firehose holds while its attempts fail',
    { OldestUndelivered: 0, 'DeliveryToSplunk.Success': 0, 'DeliveryToSplunk.DataFreshness': 3_600 },
    60,
    0,
  ],
  ["a message in a copier's queue", { OldestUndelivered: 0, ApproximateAgeOfOldestMessage: 1_200 }, 20, 0],
])('Complete? is above 0 for %s', (_, told, minutes, events) => {
  const values = shown((add) => {
    for (const [name, value] of Object.entries(told)) add(name, value);
  });
  expect(values).toMatchObject({ 'oldest waiting, minutes': minutes, 'events waiting': events });
});

test('without a sweep Complete? shows nothing rather than 0', () => {
  expect(shown(() => undefined)).toEqual({});
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
