import { afterAll, beforeAll, test } from 'vitest';
import { type AlarmFault, expectRedThenGreen } from './alarm-fault.ts';
import { expectSample } from './runbook-sample.ts';
import { type WatchedStage, watchStage } from './watched-stage.ts';

const orphan = { stream: { S: 'gone' }, item: { S: 'OPEN#r1' } };
const mebibyte = 1 / 1024;

/** Both take days, for the search is daily and the volume is of a day: they pass for both at once. */
const fault: AlarmFault = {
  what: 'a day of far more events than usual, one with an unknown name, and a run of a stream that left the settings',
  alarms: ['UnusualVolume', 'Drift', 'Orphaned'],
  begin: async (stage) => {
    stage.source.generate(stage.streams, 5_000, 60_000);
    const members = { activity: 'never_heard_of', ip: '192.0.2.1' };
    stage.simulator.tell([{ type: 'cis', at: stage.world.clock.now(), members }]);
    const started = {
      run: { S: 'r1' },
      startedAt: { N: '1' },
      sealAfter: { N: '1' },
      done: { M: { s3: { N: '0' } } },
    };
    await stage.world.dynamodb.call('PutItem', { TableName: table(stage), Item: { ...orphan, ...started } });
  },
  end: (stage) => stage.world.dynamodb.call('DeleteItem', { TableName: table(stage), Key: orphan }),
  withinHours: 49,
};

let stage: WatchedStage;

beforeAll(async () => {
  stage = await watchStage({
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '1 hour',
        destinations: [{ kind: 's3', compressRecords: false }],
      },
    ],
    alarms: { billedGiBPerDay: 3 * mebibyte },
  });
  stage.eventsPerTick = 0;
  stage.world.startSchedules();
  await stage.pass(600_000);
}, 120_000);
afterAll(() => stage?.close());

test(`${fault.what}: ${fault.alarms.join(', ')}`, () =>
  expectRedThenGreen(stage, fault, (name) => expectSample(stage, name)));

function table({ world }: WatchedStage): string | undefined {
  return world.deployment.byType('AWS::DynamoDB::Table')[0]?.physicalId;
}
