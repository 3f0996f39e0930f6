import { expect, test } from 'vitest';
import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import { numbered, relayUnderTest } from './relay-under-test.ts';

const failing = () => new SinkRefused('No.', { throttled: false, name: 'InternalFailure' });

test('RUN# says complete when every destination has everything, and not before', async () => {
  const relay = relayUnderTest(numbered(20), ['s3', 'splunk']);
  const saysComplete = () => [...relay.state.stored.records.values()].map(({ complete }) => complete);
  relay.sinks.splunk!.stored.answer = failing;

  await relay.run();
  expect(saysComplete()).toEqual([false]);
  await relay.sweep();
  expect(saysComplete()).toEqual([false]);
  relay.sinks.splunk!.stored.answer = () => undefined;
  await relay.sweep();

  expect(saysComplete()).toEqual([true]);
  expect(relay.state.stored.open.size).toBe(0);
});

test('a run that the sweep alone has seen gets a RUN# when it is complete, and none before', async () => {
  const relay = relayUnderTest(numbered(20), ['s3', 'splunk']);
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = failing;
  await relay.run();
  relay.state.stored.records.clear();
  relay.sinks.s3!.stored.answer = () => undefined;

  await relay.sweep();
  const early = relay.state.stored.records.size;
  relay.sinks.splunk!.stored.answer = () => undefined;
  await relay.sweep();

  expect(early).toBe(0);
  expect([...relay.state.stored.records.values()]).toMatchObject([{ outcome: 'swept', complete: true }]);
});
