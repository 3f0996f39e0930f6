import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import type { JournaledBatch } from '../../../../functions/stored/journaled-batch.ts';
import { killSwitch } from './killed.ts';
import { numbered, type RelayUnderTest, relayUnderTest, upTo } from './relay-under-test.ts';

const day = 86_400_000;
const refused = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });

/** A run that was killed when it had journaled three batches of ten, and whose destinations refuse. */
async function killedWithThree(destinations: readonly string[] = ['s3']): Promise<RelayUnderTest> {
  const relay = relayUnderTest(numbered(30), destinations);
  for (const name of destinations) relay.sinks[name]!.stored.answer = refused;
  const rehearsal = relayUnderTest(numbered(30), destinations);
  const watch = killSwitch();
  await rehearsal.run({}, watch);
  const kill = killSwitch(watch.effects.lastIndexOf('journal.put'), 'after');
  await Promise.race([kill.killed, relay.run({}, kill)]);
  expect(relay.journal.stored.batches.size).toBe(3);
  return relay;
}

/** As the bucket's lifecycle does, of batches of every run. */
function expire({ journal }: RelayUnderTest, numbers: readonly number[]): void {
  for (const [key, { number }] of journal.stored.batches)
    if (numbers.includes(number)) journal.stored.batches.delete(key);
}

test('batches of a killed run that expire undelivered are told, and its age shows until then', async () => {
  const relay = await killedWithThree();
  const ages: number[] = [];
  for (let pass = 0; pass < 3; pass++) ages.push((await relay.sweep()).oldestUndeliveredMs);
  relay.clock.set(relay.clock.now() + 30 * day);
  expire(relay, [1, 2, 3]);

  const report = await relay.sweep();

  expect(ages.every((age) => age >= 600_000)).toBe(true);
  expect(relay.told()).toBe(3);
  expect(report.counters.lost).toBe(3);
  expect([...relay.state.stored.records.values()]).toMatchObject([
    { lost: 3, lastNumber: 3, complete: true },
  ]);
  expect(relay.state.stored.open.size).toBe(0);
});

test('the first sweep that looks at a killed run writes down its last number, whoever refuses', async () => {
  const relay = await killedWithThree();

  await relay.sweep();

  expect([...relay.state.stored.open.values()]).toMatchObject([{ lastNumber: 3, counted: true }]);
});

test('of a run whose end has expired, the beginning is delivered and the end is told', async () => {
  const relay = await killedWithThree();
  await relay.sweep();
  expire(relay, [2, 3]);
  relay.sinks.s3!.stored.answer = () => undefined;

  await relay.sweep();

  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect(relay.told()).toBe(2);
});

test('of a run whose beginning has expired, what is left is delivered', async () => {
  const relay = await killedWithThree();
  await relay.sweep();
  expire(relay, [1, 2]);
  relay.sinks.s3!.stored.answer = () => undefined;

  await relay.sweep();

  expect(relay.delivered('s3')).toEqual(upTo(30).slice(20));
  expect(relay.told()).toBe(2);
  expect(relay.state.stored.open.size).toBe(0);
});

test('a batch that an operator erased is passed in silence, though the table owes it again; one that expired is told', async () => {
  const relay = await killedWithThree();
  await relay.sweep();
  const [{ run, startedAt }] = [...relay.journal.stored.batches.values()] as [JournaledBatch];
  relay.journal.stored.erased.set('2', { run, startedAt, number: 2 });
  expire(relay, [2, 3]);
  relay.sinks.s3!.stored.answer = () => undefined;

  const report = await relay.sweep();

  expect(relay.delivered('s3')).toEqual(upTo(10));
  expect(relay.told()).toBe(1);
  expect(report.counters.lost).toBe(1);
  expect([...relay.state.stored.records.values()]).toMatchObject([{ lost: 1, complete: true }]);
  expect(relay.state.stored.open.size).toBe(0);
});

test('what two destinations lack of one run is told once', async () => {
  const relay = await killedWithThree(['s3', 'splunk']);
  await relay.sweep();
  expire(relay, [2]);
  for (const { stored } of Object.values(relay.sinks)) stored.answer = () => undefined;

  await relay.sweep();

  expect(relay.told()).toBe(1);
  for (const name of ['s3', 'splunk']) expect(relay.delivered(name)).toHaveLength(20);
});

test('a loss is told before anything is written that lets nobody look again', async () => {
  const relay = await killedWithThree();
  await relay.sweep();
  expire(relay, [1, 2, 3]);
  const toldAt: Record<string, number> = {};
  const { openRuns, records } = relay.state;
  const told = (write: string) => {
    toldAt[write] = relay.told();
  };
  const { recordLost, close } = openRuns;
  const { completeRecord } = records;
  openRuns.recordLost = (...args) => {
    told('recordLost');
    return recordLost(...args);
  };
  openRuns.close = (...args) => {
    told('close');
    return close(...args);
  };
  records.completeRecord = (...args) => {
    told('completeRecord');
    return completeRecord(...args);
  };

  await relay.sweep();

  expect(toldAt).toEqual({ recordLost: 3, completeRecord: 3, close: 3 });
});
