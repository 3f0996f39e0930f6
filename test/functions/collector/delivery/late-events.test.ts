import { expect, test } from 'vitest';
import { createDestination } from '../../../../functions/collector/delivery/create-destination.ts';
import { createRelayLine } from '../../../../functions/collector/delivery/formats/relay-line.ts';
import { findLate, type ReceiverAges } from '../../../../functions/collector/delivery/late-events.ts';
import { batchOf } from '../../../cli/small-relay.ts';
import { createMemoryJournal } from '../../../contracts/memory-journal.ts';
import { createMemorySink } from '../../../contracts/memory-sink.ts';
import { cutOf } from '../answers/cut-of.ts';
import { relayUnderTest } from '../protocol/relay-under-test.ts';
import { createSteppingClock } from '../protocol/stepping-clock.ts';

const day = 86_400;
const dayLong: ReceiverAges = { past: day, otherwise: 'refuses-request', underWay: 3_660, hold: true };

function aged(n: number, seconds: number, now: number): string {
  return `{"n":${n},"timestamp":"${new Date(now - seconds * 1_000).toISOString()}"}`;
}

test('an event is late that would be too old after the time that it may spend in the delivery stream', () => {
  const now = Date.UTC(2026, 2, 1);
  const ages = [day - 3_660, day - 3_659, day - 3_661, -7_200, -7_201];
  const cut = cutOf([...ages.map((seconds, n) => aged(n, seconds, now)), '{}', '{"timestamp":"soon"}']);

  expect(findLate(cut, dayLong, now)).toEqual({ count: 1, marks: Uint8Array.of(0, 1, 0, 0, 0, 0, 0) });
  expect(findLate(cut, { ...dayLong, future: 7_200 }, now).marks).toEqual(Uint8Array.of(0, 1, 0, 0, 1, 0, 0));
});

function relayWith(ages: ReceiverAges | undefined) {
  const events: string[] = [];
  const relay = relayUnderTest(events, ['siem'], undefined, { ages });
  const now = relay.clock.now();
  relay.source.stored.queue.push(
    aged(0, 60, now),
    aged(1, 2 * day, now),
    aged(2, 30, now),
    aged(3, 3 * day, now),
  );
  return relay;
}

test('a late event is not sent where its receiver would refuse the fresh ones beside it, and counts as done', async () => {
  const relay = relayWith(dayLong);

  const report = await relay.run();

  expect(relay.delivered('siem')).toEqual([0, 2]);
  expect(report).toMatchObject({ record: { complete: true, late: { siem: 2 }, events: 4 } });
  expect(relay.state.stored.open.size).toBe(0);
  expect(relay.journal.stored.batches.size).toBe(1);
});

test('a late event that is held back of a batch which the journal refused is told as a possible loss', async () => {
  for (const [hold, possibleLoss] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const relay = relayWith({ ...dayLong, hold });
    relay.journal.stored.refuse = (write) => (write === 'put' ? new Error('503') : undefined);

    const report = await relay.run();

    expect(report).toMatchObject({ counters: { lastResort: 1, possibleLoss } });
    expect(relay.delivered('siem')).toEqual(hold ? [0, 2] : [0, 1, 2, 3]);
  }
});

test('a late event is sent and counted where that harms nobody', async () => {
  const relay = relayWith({ ...dayLong, otherwise: 'drops', hold: false });

  const report = await relay.run();

  expect(relay.delivered('siem')).toEqual([0, 1, 2, 3]);
  expect(report).toMatchObject({ record: { complete: true, late: { siem: 2 } } });
});

test('a destination without a known limit gets every event, and nothing is counted', async () => {
  const relay = relayWith(undefined);

  const report = await relay.run();

  expect(relay.delivered('siem')).toEqual([0, 1, 2, 3]);
  expect(report).toMatchObject({ counters: { late: {} } });
  expect(report).not.toHaveProperty('record.late');
});

test('for a receiver without a known limit no timestamp is read', async () => {
  const read: string[] = [];
  const deliverTo = async (ages: ReceiverAges | undefined): Promise<void> => {
    const cut = cutOf([aged(0, 2 * day, 0)]);
    const watched = Object.defineProperty({ ...cut }, 'timestamps', {
      get: () => {
        read.push(ages === undefined ? 'without' : 'with');
        return cut.timestamps;
      },
    });
    const destination = createDestination({
      name: 'siem',
      format: createRelayLine('dev'),
      packing: 'lines',
      compressRecords: false,
      sink: createMemorySink(),
      quotaBytesPerSecond: 1024 * 1024,
      ages,
    });
    const means = { clock: createSteppingClock(), signal: new AbortController().signal };
    await destination.deliver(
      { batch: batchOf([]), cut: watched },
      {
        ...{ ...means, type: 'cis', quarantine: createMemoryJournal(), patienceMs: 1_000 },
        flow: destination.createFlow(means),
      },
    );
  };

  await deliverTo(undefined);
  expect(read).toEqual([]);
  await deliverTo(dayLong);
  expect(read).toContain('with');
});

test('what became late while a destination refused is held back by the sweep, and told in the record of the run', async () => {
  const relay = relayWith(dayLong);
  relay.sinks.siem!.stored.answer = (records) => records.map(() => 'InternalFailure');
  await relay.run();
  relay.sinks.siem!.stored.answer = () => undefined;
  relay.clock.set(relay.clock.now() + 2 * day * 1_000);

  const report = await relay.sweep();

  expect(relay.delivered('siem')).toEqual([]);
  expect(report.counters.late).toEqual({ siem: 4 });
  expect([...relay.state.stored.records.values()]).toMatchObject([{ complete: true, late: { siem: 4 } }]);
});
