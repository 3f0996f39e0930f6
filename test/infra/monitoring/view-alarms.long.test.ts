import { afterAll, beforeAll, expect, test } from 'vitest';
import { metricNamespace } from '../../../functions/metric-namespace.ts';
import { expectRedThenGreen } from './alarm-fault.ts';
import { expectSample } from './runbook-sample.ts';
import { hourMs, type WatchedStage, watchStage } from './watched-stage.ts';

const key = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:views/masked-AbCdEf';
const refused = {
  skipEffect: true,
  outcome: { status: 400, code: 'AccessDeniedException', message: 'No.' },
} as const;

let stage: WatchedStage;
beforeAll(async () => {
  stage = await watchStage({
    views: {
      nothing: { activities: { drop: ['*'] } },
      masked: { members: { user_id: 'pseudonym', ip: 'mask' }, key },
    },
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '15 minutes',
        destinations: [
          { kind: 's3' },
          { kind: 's3', name: 'blind', view: 'nothing' },
          { kind: 's3', name: 'lake', view: 'masked' },
        ],
        alarms: { undelivered: '30 minutes' },
      },
    ],
  });
  stage.world.startSchedules();
  await stage.pass(hourMs);
}, 120_000);
afterAll(() => stage?.close());

test('ViewDropsAll goes red once a view has dropped a thousand events in six hours, and comes back', async () => {
  const ofViews = () => stage.alarmsIn('ALARM').filter((name) => name.includes('ViewDropsAll'));
  // Fewer than a thousand are dropped in six hours.
  await stage.pass(7 * hourMs);
  expect(ofViews()).toEqual([]);

  const fault = {
    what: 'more events, of which the view lets none through',
    alarms: ['cis-blind-ViewDropsAll'],
    begin: () => {
      stage.eventsPerTick = 40;
    },
    end: () => {
      expect(ofViews()).toEqual(['cis-blind-ViewDropsAll']);
      stage.eventsPerTick = 5;
    },
    withinHours: 14,
  };
  await expectRedThenGreen(stage, fault, (name) => expectSample(stage, name));
});

test('what is no object is counted as ViewRefused of the view that changes members, and of no other', async () => {
  const before = refusedBy('lake');
  stage.wrong.mosaic = ({ operation }) => {
    if (operation !== 'collect') return undefined;
    stage.wrong.mosaic = undefined;
    return { damage: 'numbers' };
  };
  await stage.pass(hourMs / 2);

  expect(stage.wrong.mosaic).toBeUndefined();
  expect(refusedBy('lake')).toBe(before + 6);
  expect(refusedBy('blind')).toBe(0);
});

test('Undelivered goes red while the key of a view cannot be read, though others go on, and comes back', async () => {
  const bytes = (name: string) => {
    const { deliveryStream } = stage.streams[0]!.destinations.find((each) => each.name === name)!;
    return stage.world.firehose.stats(deliveryStream).rawBytes;
  };
  let before = { s3: 0, lake: 0 };
  await expectRedThenGreen(stage, {
    what: 'a key that may not be read',
    alarms: ['cis-Undelivered'],
    begin: async () => {
      stage.wrong.call = ({ operation, input }) =>
        operation === 'GetSecretValue' && input.SecretId === key ? refused : undefined;
      // A process reads its key once.
      await stage.world.lambda.recycle(stage.streams[0]!.functionName);
      before = { s3: bytes('s3'), lake: bytes('lake') };
    },
    end: () => {
      expect(bytes('lake')).toBe(before.lake);
      expect(bytes('s3')).toBeGreaterThan(before.s3);
      stage.wrong.call = undefined;
    },
  });
  expect(bytes('lake')).toBeGreaterThan(before.lake);
});

test('no line of EMF was faulty', () => {
  expect([...stage.metrics.problems]).toEqual([]);
});

function refusedBy(destination: string): number {
  const { metrics, world } = stage;
  const dimensions = { Stage: 'test', Stream: 'cis', Destination: destination };
  const range = { from: 0, to: Math.ceil(world.clock.now() / 60_000) * 60_000 };
  return metrics.store.read({ namespace: metricNamespace, name: 'ViewRefused', dimensions }, range)?.sum ?? 0;
}
