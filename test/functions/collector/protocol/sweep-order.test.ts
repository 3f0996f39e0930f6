import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

/** Lets a sink take a call in so long. */
function slowDown(relay: RelayUnderTest, name: string, perCallMs: number): void {
  const sink = relay.sinks[name]!;
  const put = sink.put.bind(sink);
  sink.put = async (records, signal) => {
    await relay.clock.sleep(perCallMs, signal);
    return put(records, signal);
  };
}

/** Runs of so many batches of ten events each, five minutes apart, of which some destinations have nothing. */
async function withRunsLeft(
  runs: number,
  batches: number,
  destinations: readonly string[],
  refusing = destinations,
): Promise<RelayUnderTest> {
  const relay = relayUnderTest([], destinations);
  for (const name of refusing) relay.sinks[name]!.stored.answer = refused;
  for (let run = 0; run < runs; run++) {
    const first = 10 * batches * run;
    relay.source.stored.queue.push(...numbered(first + 10 * batches).slice(first));
    await relay.run();
    relay.clock.set(relay.clock.now() + 300_000);
  }
  for (const name of refusing) relay.sinks[name]!.stored.answer = () => undefined;
  return relay;
}

test('the oldest run is delivered first, pass for pass, however many wait behind it', async () => {
  const relay = await withRunsLeft(5, 15, ['s3', 'splunk']);
  // A pass of 290 seconds brings 28 or 29 of the 75 batches to each.
  for (const name of ['s3', 'splunk']) slowDown(relay, name, 10_000);

  const left: string[][] = [];
  for (let pass = 0; pass < 3; pass++) {
    await relay.sweepNow();
    left.push([...relay.state.stored.open.keys()]);
  }

  expect(left).toEqual([['run-2', 'run-3', 'run-4', 'run-5'], ['run-4', 'run-5'], []]);
  for (const name of ['s3', 'splunk']) expect(relay.delivered(name)).toEqual(upTo(750));
});

test('what a destination took in passes that did not finish its run is not put behind newer runs', async () => {
  const relay = await withRunsLeft(2, 40, ['s3']);
  slowDown(relay, 's3', 10_000);

  await relay.sweepNow();
  await relay.sweepNow();

  const arrived = relay.delivered('s3');
  expect(arrived).toEqual(upTo(arrived.length));
  expect([...relay.state.stored.open.keys()]).toEqual(['run-2']);
});

test("a destination's backlog delays no other: one event for another goes out at once", async () => {
  const relay = await withRunsLeft(10, 15, ['behind', 'healthy'], ['behind']);
  const healthy = relay.sinks.healthy!.stored;
  relay.source.stored.queue.push('{"n":1500}');
  relay.sinks.behind!.stored.answer = refused;
  healthy.answer = refused;
  await relay.run();
  slowDown(relay, 'behind', 10_000);
  const startedAt = relay.clock.now();
  let lastAt = 0;
  relay.sinks.behind!.stored.answer = () => undefined;
  healthy.answer = () => {
    lastAt = relay.clock.now();
    return undefined;
  };

  await relay.sweepNow();

  expect(relay.delivered('healthy')).toEqual(upTo(1_501));
  expect(lastAt - startedAt).toBeLessThan(1_000);
  expect(relay.delivered('behind').length).toBeGreaterThan(200);
});

test('each destination has the whole of a pass for itself', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const relay = await withRunsLeft(1, 20, names);
  for (const name of names) slowDown(relay, name, 10_000);

  await relay.sweepNow();

  for (const name of names) expect(relay.delivered(name)).toEqual(upTo(200));
});

test('a destination that refuses, and one that throttles to the end, delay no other', async () => {
  const relay = await withRunsLeft(1, 10, ['refuses', 'throttles', 'well']);
  relay.sinks.refuses!.stored.answer = refused;
  relay.sinks.throttles!.stored.answer = () =>
    new SinkRefused('slow down', { throttled: true, name: 'ServiceUnavailableException' });
  const startedAt = relay.clock.now();
  let lastAt = 0;
  relay.sinks.well!.stored.answer = () => {
    lastAt = relay.clock.now();
    return undefined;
  };

  const report = await relay.sweepNow();

  expect(relay.delivered('well')).toEqual(upTo(100));
  expect(lastAt - startedAt).toBeLessThan(1_000);
  expect(report.refusing).toEqual({ refuses: 'InternalFailure' });
});
