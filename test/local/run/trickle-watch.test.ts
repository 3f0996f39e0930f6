import type { AwsCall, Invocation } from '@mosaic-relay/cdk-loopback';
import type { CallRecord } from '@mosaic-relay/mosaic-simulator';
import { expect, test } from 'vitest';
import { trickleLine, watchTrickle } from '../../../local/run/trickle/trickle-watch.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const at = Date.UTC(2026, 2, 1);
const stream = { name: 'cis', functionName: 'cis-collector', type: 'cis', id: 'relay-cis' } as WorldStream;
const invocation = (requestId: string, fields: Partial<Invocation> = {}) =>
  ({
    requestId,
    functionName: 'cis-collector',
    event: { task: 'collect' },
    startedAt: at,
    durationMs: 2_000,
    ...fields,
  }) as Invocation;
const put = (resource: string, accessKeyId = 'key-1') =>
  ({ service: 's3', operation: 'PutObject', resource, accessKeyId }) as AwsCall;
const collect = (fields: Partial<CallRecord>) =>
  ({ operation: 'collect', type: 'cis', streamId: 'relay-cis', at, events: 10, ...fields }) as CallRecord;

test('a run has the objects that its own process journaled, and the events that came while it ran', () => {
  let running = 'first';
  const watch = watchTrickle({ eventsPerSecond: 8, hours: 1 }, () => [
    { id: 'a', pid: 1, functionName: 'cis-collector', accessKeyId: 'key-1', requestId: running },
    { id: 'b', pid: 2, functionName: 'other', accessKeyId: 'key-2', requestId: 'theirs' },
  ]);
  watch.observe(put('bucket/journal/cis/2026-03-01/run-1/000001.json.gz'), 200);
  watch.observe(put('bucket/journal/cis/2026-03-01/run-1/000002.json.gz'), 200);
  watch.observe(put('bucket/journal/cis/2026-03-01/run-1/000003.json.gz'), 503);
  watch.observe(put('bucket/quarantine/cis/2026-03-01/run-1/000002.json'), 200);
  watch.observe(put('bucket/journal/risk/2026-03-01/run-9/000001.json.gz', 'key-2'), 200);
  watch.onInvocation(invocation('first'));
  running = 'second';
  watch.observe(put('bucket/journal/cis/2026-03-01/run-2/000001.json.gz'), 200);
  watch.onInvocation(invocation('second', { startedAt: at + 300_000, durationMs: 500 }));
  watch.onInvocation(invocation('swept', { event: { task: 'sweep' } }));

  const calls = [
    collect({ at }),
    collect({ at: at + 1_000, events: 5 }),
    collect({ at: at + 1_000, type: 'risk' }),
    collect({ at: at + 3_000 }),
    collect({ at: at + 300_100, events: 7 }),
  ];
  const report = watch.reportOf(stream, { calls, oldestWaitMs: () => 290_500 });

  expect(report).toEqual({
    eventsPerSecond: 8,
    hours: 1,
    oldestWaitSeconds: 290.5,
    runs: [
      { at: '2026-03-01T00:00:00.000Z', events: 15, journalObjects: 2, busySeconds: 2 },
      { at: '2026-03-01T00:05:00.000Z', events: 7, journalObjects: 1, busySeconds: 0.5 },
    ],
  });
  expect(trickleLine('cis', report)).toBe(
    'cis: 2 runs at 8 events a second; at most 2 journal objects and 2 s a run; an event waited 5 min at most',
  );
});
