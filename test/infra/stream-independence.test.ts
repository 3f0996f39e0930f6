import { expect, test } from 'vitest';
import type { StageSettings } from '../../infra/config/settings.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { stageOf, stageSettings, type Template, templateOf } from './synthesized.ts';

const three: readonly StreamSettings[] = [
  { id: 'alpha', type: 'cis' },
  { id: 'beta', type: 'admin', every: '1 hour' },
  { id: 'gamma', type: 'risk', destinations: [{ kind: 's3' }, { kind: 's3', name: 'second' }] },
];
const before = synthesized(three);

function synthesized(streams: readonly StreamSettings[], changes: Partial<StageSettings> = {}): Template {
  return templateOf(stageOf(stageSettings({ ...changes, streams })));
}

/** The logical ids of what differs between two templates. */
function changedIds(one: Template, other: Template): readonly string[] {
  const ids = new Set([...Object.keys(one.Resources), ...Object.keys(other.Resources)]);
  return [...ids].filter((id) => JSON.stringify(one.Resources[id]) !== JSON.stringify(other.Resources[id]));
}

/** Of roles in the bucket's policy, of names that are guarded and searched for orphans, of rows in the dashboard. */
const lists = [
  expect.stringMatching(/^BucketPolicy/),
  expect.stringMatching(/^Undelivered/),
  expect.stringMatching(/^OrphansSearch/),
  expect.stringMatching(/^MonitoringOverview/),
];

const reordered = [...three.toReversed()];

test('reordering the streams changes nothing', () => {
  expect(synthesized(reordered)).toEqual(before);
  expect(JSON.stringify(synthesized(reordered))).toBe(JSON.stringify(before));
});

test('adding a stream changes nothing of the others but what names every stream', () => {
  const changed = changedIds(before, synthesized([...three, { id: 'delta', type: 'cis' }]));
  expect(changed.filter((id) => !id.startsWith('Streamsdelta'))).toEqual(lists);
});

test('removing a stream changes nothing of the others but what names every stream', () => {
  const changed = changedIds(before, synthesized(three.slice(1)));
  expect(changed.filter((id) => !id.startsWith('Streamsalpha'))).toEqual(lists);
});

test('a changed schedule changes that schedule, its interval in the collector, the age of its ticks, and when its alarms go off, alone', () => {
  const changed = changedIds(before, synthesized([{ ...three[0]!, every: '2 minutes' }, ...three.slice(1)]));
  expect(changed.map((id) => id.replace(/[0-9A-F]{8}$/, '')).toSorted()).toEqual([
    'MonitoringOverviewNestedStackOverviewNestedStackResource',
    'StreamsalphaAlarmsNestedStackAlarmsNestedStackResource',
    'StreamsalphaCollectorFunction',
    'StreamsalphaCollectorFunctionEventInvokeConfig',
    'StreamsalphaSchedulesCollect',
    'StreamsalphaSchedulesSweep',
  ]);
});

test('a changed batch size changes that collector alone', () => {
  const changed = changedIds(before, synthesized([{ ...three[0]!, batchSize: 50 }, ...three.slice(1)]));
  expect(changed).toEqual([expect.stringMatching(/^StreamsalphaCollectorFunction/)]);
});

test('a changed id under an unchanged name is an update of the stream, not another resource', () => {
  const renamed = { ...three[0]!, name: 'alpha', id: 'alpha-2' };
  const after = synthesized([renamed, ...three.slice(1)]);
  expect(Object.keys(after.Resources)).toEqual(Object.keys(before.Resources));
  expect(
    changedIds(before, after)
      .map((id) => id.replace(/[0-9A-F]{8}$/, ''))
      .toSorted(),
  ).toEqual(['StreamsalphaCollectorFunction', 'StreamsalphaMosaicStream']);
});

test('the same settings give the same template', () => {
  expect(JSON.stringify(synthesized(three))).toBe(JSON.stringify(before));
});

test('a destination of another kind or name is another delivery stream', () => {
  const streams = [
    { ...three[0]!, destinations: [{ kind: 's3' as const, name: 'archive' }] },
    ...three.slice(1),
  ];
  const after = synthesized(streams);
  const gone = Object.keys(before.Resources).filter((id) => !(id in after.Resources));
  expect(gone.every((id) => id.startsWith('Streamsalphas3'))).toBe(true);
});
