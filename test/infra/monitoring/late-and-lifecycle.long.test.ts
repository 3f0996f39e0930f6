import { afterAll, beforeAll, test } from 'vitest';
import { type AlarmFault, expectRedThenGreen } from './alarm-fault.ts';
import { expectSample } from './runbook-sample.ts';
import { hourMs, secret, type WatchedStage, watchStage } from './watched-stage.ts';

const refused = {
  skipEffect: true,
  outcome: { status: 400, code: 'AccessDeniedException', message: 'No.' },
} as const;

const faults: readonly AlarmFault[] = [
  {
    what: 'events of two days ago, for a receiver that takes none older than 18 hours',
    alarms: ['cis-datadog-LateForDestination'],
    begin: ({ source, streams }) => source.generate(streams, 100, 48 * hourMs),
    end: () => undefined,
  },
  {
    what: 'a table that the stream lifecycle may not read',
    alarms: ['LifecycleFailing'],
    begin: ({ wrong }) => {
      wrong.call = ({ action }) => (action === 'dynamodb:Query' ? refused : undefined);
    },
    end: ({ wrong }) => {
      wrong.call = undefined;
    },
  },
];

let stage: WatchedStage;

beforeAll(async () => {
  stage = await watchStage({
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '15 minutes',
        destinations: [{ kind: 'datadog', site: 'eu', secret }],
      },
    ],
  });
  stage.world.startSchedules();
  await stage.pass(2 * hourMs);
}, 120_000);
afterAll(() => stage?.close());

for (const fault of faults)
  test(`${fault.what}: ${fault.alarms.join(', ')}`, () =>
    expectRedThenGreen(stage, fault, async (name) => {
      // The command reads the table, too.
      stage.wrong.call = undefined;
      await expectSample(stage, name);
    }));
