import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs, provider, secret, type WatchedStage, watchStage } from './watched-stage.ts';

let stage: WatchedStage;

/** One stream with events in every hour and a witness, and one that is quiet for most of the day. */
beforeAll(async () => {
  stage = await watchStage({
    streams: [
      {
        name: 'busy',
        id: 'relay-busy',
        type: 'cis',
        every: '15 minutes',
        witness: 'recover',
        destinations: [
          { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret },
          { kind: 'gcs', bucket: 'mosaic-events', provider },
        ],
      },
      { name: 'quiet', id: 'relay-quiet', type: 'admin', every: '1 hour', destinations: [{ kind: 's3' }] },
    ],
  });
  stage.eventsPerTick = 0;
  const [busy, quiet] = ['busy', 'quiet'].map((name) => stage.streams.find((one) => one.name === name)!);
  stage.source.generate([quiet!], 3, hourMs);
  stage.source.generate([busy!], 100, hourMs);
  stage.world.startSchedules();
  await stage.pass(hourMs);
  for (let hour = 1; hour <= 24; hour++) {
    await stage.pass(hourMs);
    stage.source.generate([busy!], 100, hourMs);
  }
}, 600_000);
afterAll(() => stage?.close());

test('nothing goes to ALARM from the deploy to the end of a healthy day, though a stream is quiet', () => {
  const { history } = stage.followed.evaluator;
  expect(history.filter(({ to }) => to === 'ALARM')).toEqual([]);
});

test('at its end every alarm knows that all is well', () => {
  const others = stage.followed.evaluator.states().filter(({ state }) => state !== 'OK');
  expect(others.map(({ name, state }) => `${name} ${state}`)).toEqual([]);
});

test('what the collectors were billed for is told of the stage', () => {
  const billed = stage.metrics.store.known().find(({ name }) => name === 'BytesBilled');
  expect(billed).toMatchObject({ dimensions: { Stage: 'test' }, units: ['Bytes'] });
});
