import { describe, expect, test } from 'vitest';
import { type AlarmName, alarmSeverities } from '../../../infra/config/alarm-names.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { stageOf, stageSettings } from '../synthesized.ts';
import { everySort, monitoredOf, monitoredStream, type Widget } from './monitored.ts';

const streamsOf = (count: number) =>
  Array.from({ length: count }, (_, index): StreamSettings => ({ id: `s${index}`, type: 'cis' }));
const dashboards = [
  ['4 streams', monitoredOf(stageOf(stageSettings({ streams: streamsOf(4) })))],
  ['20 streams', monitoredOf(stageOf(stageSettings({ streams: streamsOf(20) })))],
  ['a copier and a witness', monitoredStream({ destinations: everySort, witness: 'detect' })],
] as const;

describe.each(dashboards)('the dashboard of %s', (_, { widgets, alarms }) => {
  test('answers first whether everything is fresh, complete and healthy', () => {
    const top = widgets.filter(({ y }) => y === 2).map(({ properties }) => properties.title);
    const cost = expect.stringMatching(/^Cost of 30 days; at rest \$\d+\.\d\d a month$/);
    expect(top).toEqual(['Fresh? seconds', 'Complete?', 'Healthy?', cost]);
    expect(widgets.filter(({ y }) => y < 11).length).toBeLessThan(12);
  });

  test('lies on the grid without a gap at the right or an overlap', () => {
    for (const widget of widgets) {
      expect(widget.x + widget.width).toBeLessThanOrEqual(24);
      expect(widgets.filter((other) => other !== widget && overlaps(widget, other))).toEqual([]);
    }
  });

  test('shows every alarm, and the urgent ones at the top', () => {
    const statuses = widgets.filter(({ type }) => type === 'alarm');
    const shown = new Set(statuses.flatMap(({ properties }) => properties.alarms.map(nameOfArn)));
    expect([...shown].toSorted()).toEqual([...alarms.keys()].toSorted());
    const urgent = [...alarms.keys()].filter((name) => severityOf(name) === 'urgent');
    const first: string[] = statuses[0]?.properties.alarms.map(nameOfArn);
    expect(first.slice(-4)).toEqual([
      'mosaic-relay-test-Orphaned',
      'mosaic-relay-test-KeptWaiting',
      'mosaic-relay-test-LifecycleFailing',
      'mosaic-relay-test-UnusualVolume',
    ]);
    expect(new Set(first.slice(0, -4).map(severityOf))).toEqual(new Set(['urgent']));
    expect(first).toHaveLength(Math.min(100, urgent.length + 4));
    for (const { properties } of statuses) expect(properties.alarms.length).toBeLessThanOrEqual(100);
  });

  test('stays within what CloudWatch takes', () => {
    expect(widgets.length).toBeLessThanOrEqual(500);
    const counts = widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(500);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2_500);
  });

  test('draws something in every panel', () => {
    for (const { type, properties } of widgets) {
      if (type === 'metric') expect(properties.metrics?.length, properties.title).toBeGreaterThan(0);
    }
  });

  test('gives every panel a title, and every text something to say', () => {
    for (const { type, properties } of widgets) {
      expect((type === 'text' ? properties.markdown : properties.title).length).toBeGreaterThan(3);
    }
  });
});

test('a stream has one line of panels, whose lines are where its alarms go off', () => {
  const { widgets, alarms } = monitoredStream({ name: 'one', alarms: { behind: '3 hours' } });
  const lag = widgets.find(({ properties }) => properties.title?.startsWith('one: lag'));
  expect(lag?.properties.annotations.horizontal).toMatchObject([
    { label: 'Behind', value: alarms.get('mosaic-relay-test-one-Behind').Threshold },
    { label: 'Undelivered', value: alarms.get('mosaic-relay-test-one-Undelivered').Threshold },
  ]);
});

test('the runbook is a link where the settings say where it is read', () => {
  const { widgets } = monitoredStream({}, { alarms: { runbook: 'https://wiki.example.com/relay' } });
  expect(widgets[0]?.properties.markdown).toContain('[runbook](https://wiki.example.com/relay)');
});

function overlaps(one: Widget, other: Widget): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

function severityOf(alarmName: string) {
  return alarmSeverities[alarmName.slice(alarmName.lastIndexOf('-') + 1) as AlarmName];
}

function nameOfArn(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
