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
  test('says on top which alarms are red, since when and how many events wait, and what to do', () => {
    const top = widgets.filter(({ y }) => y < 6);
    expect(top[0]?.properties.markdown).toMatch(/^\*\*Red\?\*\* `npx relay status --stage test`/);
    const titles = top.filter(({ type }) => type !== 'text').map(({ properties }) => properties.title);
    expect(titles.filter((title) => !title.startsWith('Red now'))).toEqual([
      'Since when: oldest waiting, minutes',
      'How many: events waiting, about',
    ]);
    expect(titles[0]).toMatch(/^Red now, of \d+ alarms/);
  });

  test('has few texts: one on top, one on cost, one with links', () => {
    expect(widgets.filter(({ type }) => type === 'text')).toHaveLength(3);
  });

  test('says the unit of every axis, and of every age in its title', () => {
    for (const { type, properties } of widgets) {
      if (type !== 'metric' || properties.view === 'singleValue') continue;
      const { label } = properties.yAxis.left;
      expect(label, properties.title).toMatch(/^[a-z ]{4,}$/);
      expect(label, properties.title).not.toBe('seconds');
      expect(properties.yAxis.right).toBeUndefined();
      if (/oldest|late|hours|minutes/.test(properties.title)) expect(properties.title).toContain(label);
    }
  });

  test('lies on the grid without a gap at the right or an overlap', () => {
    for (const widget of widgets) {
      expect(widget.x + widget.width).toBeLessThanOrEqual(24);
      expect(widgets.filter((other) => other !== widget && overlaps(widget, other))).toEqual([]);
    }
  });

  test('shows every alarm on top while it is red, the urgent ones first, and in the row of its stream', () => {
    const statuses = widgets.filter(({ type }) => type === 'alarm');
    const red = statuses.filter(({ properties }) => properties.states?.join() === 'ALARM');
    const first: string[] = red.flatMap(({ properties }) => properties.alarms.map(nameOfArn));
    expect(first.toSorted()).toEqual([...alarms.keys()].toSorted());
    const severities = first.map(severityOf);
    expect(severities.lastIndexOf('urgent')).toBeLessThan(severities.indexOf('waiting'));
    const stageAlarms = ['Orphaned', 'KeptWaiting', 'LifecycleFailing', 'UnusualVolume', 'Drift'];
    const inRows = statuses
      .filter((widget) => !red.includes(widget))
      .flatMap(({ properties }) => properties.alarms.map(nameOfArn) as string[]);
    expect([...inRows, ...stageAlarms.map((name) => `mosaic-relay-test-${name}`)].toSorted()).toEqual(
      first.toSorted(),
    );
    for (const { properties } of statuses) {
      expect(properties.alarms.length).toBeLessThanOrEqual(100);
      expect(properties.sortBy).toBe('stateUpdatedTimestamp');
    }
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

test('a stream has one row, whose lines of ages are where its alarms go off', () => {
  const { widgets, alarms } = monitoredStream({ name: 'one', alarms: { behind: '3 hours' } });
  const ages = widgets.find(({ properties }) => properties.title === 'one: oldest waiting, minutes');
  const at = (name: string) => alarms.get(`mosaic-relay-test-one-${name}`).Threshold / 60;
  expect(ages?.properties.annotations.horizontal).toMatchObject([
    { label: 'Behind', value: at('Behind') },
    { label: 'Undelivered', value: at('Undelivered') },
    { label: 'DeliveryBehind', value: at('s3-DeliveryBehind') },
  ]);
  expect(widgets.filter(({ y }) => y === ages?.y).map(({ properties }) => properties.title)).toEqual([
    'one: collected and delivered, about',
    'one: oldest waiting, minutes',
    'one: events waiting, about',
    'one: alarms',
  ]);
});

test('ages are in hours where an alarm goes off after many of them', () => {
  const { widgets } = monitoredStream({ name: 'one', alarms: { behind: '12 hours' } });
  const ages = widgets.find(({ properties }) => properties.title === 'one: oldest waiting, hours');
  expect(ages?.properties.annotations.horizontal[0]).toMatchObject({ label: 'Behind', value: 12 });
});

test('the cost is told apart: what is fixed, what goes by volume, and what lowers it', () => {
  const { widgets } = monitoredStream({});
  const text = widgets.find(({ properties }) => properties.markdown?.startsWith('**Fixed'));
  expect(text?.properties.markdown).toMatch(
    /alarms \$\d+\.\d\d, metrics \$\d+\.\d\d, dashboard \$3\.00.*By volume.*What lowers it/s,
  );
  const values = widgets.find(({ properties }) => properties.view === 'singleValue');
  expect(values?.properties.title).toMatch(/^Cost of 30 days; at rest \$\d+\.\d\d a month$/);
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
