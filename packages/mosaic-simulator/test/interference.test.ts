import { expect, test } from 'vitest';
import type { CallPlan } from '../call-plan.ts';
import { startSimulator } from '../simulator.ts';
import { drain, fates, openClient, tally } from './client.ts';
import { activities, startedAt, startMosaic } from './start.ts';

/** Interferes with the nth collect. */
const nthCollect = (nth: number, plan: CallPlan) => {
  let seen = 0;
  return ({ operation }: { operation: string | undefined }) => {
    if (operation !== 'collect') return undefined;
    seen += 1;
    return seen === nth ? plan : undefined;
  };
};

test('a call is shown to the hook before anything is done', async () => {
  const shown: unknown[] = [];
  const { call } = await startMosaic({
    interfere: (info) => {
      shown.push({ ...info });
      return undefined;
    },
  });
  await call('POST', `${activities}/collect?type=cis&stream_id=a`);
  expect(shown[1]).toEqual({
    number: 2,
    at: startedAt,
    operation: 'collect',
    method: 'POST',
    path: `${activities}/collect`,
    type: 'cis',
    streamId: 'a',
    outcome: undefined,
    events: 0,
  });
});

test.each([
  ['before consuming', { before: { kind: 'reset' } }, 'reset', {}],
  ['after consuming', { after: { kind: 'reset' } }, 'reset', { 'lost interference': 50 }],
  ['after consuming, to come again', { after: { kind: 'reset', redeliver: true } }, 'reset', {}],
  [
    'by a status after consuming',
    { after: { kind: 'status', status: 504, cause: 'edge' } },
    'server-error',
    { 'lost edge': 50 },
  ],
  ['half-way', { cutOff: true }, 'cut-off', { 'lost cut-off': 50 }],
] satisfies [string, CallPlan, string, object][])(
  'a collect that fails %s',
  async (_, plan, reason, lost) => {
    const { simulator } = await startMosaic({ interfere: nthCollect(2, plan) });
    const outcomes = await drain(simulator);
    expect(tally(outcomes)[reason]).toBe(1);
    const missing = Object.values(lost).reduce((sum: number, count) => sum + count, 0);
    expect(fates(simulator)).toEqual({ answered: 1000 - missing, ...lost });
  },
);

test('a silent call ends when its caller gives up, and the log says so', async () => {
  const { simulator } = await startMosaic({ interfere: nthCollect(1, { after: { kind: 'silence' } }) });
  const client = await openClient(simulator);
  simulator.generate('cis', 5);
  expect(await client.collect(10, 300)).toEqual({ kind: 'failed', reason: 'timeout' });
  expect(fates(simulator)).toEqual({ 'lost interference': 5 });
  expect(simulator.calls.at(-1)).toMatchObject({ outcome: 'silence', events: 0 });
});

test('closing ends calls that wait, and leaves nothing behind', async () => {
  const arrived = Promise.withResolvers<void>();
  const simulator = await startSimulator({
    clock: { now: () => startedAt },
    seed: 1,
    switches: [],
    interfere: () => {
      arrived.resolve();
      return { delayMs: 3600_000 };
    },
  });
  const call = fetch(`${simulator.url}/oidc/token`, { method: 'POST' }).catch((error: Error) => error);
  await arrived.promise;
  await simulator.close();
  expect(await call).toBeInstanceOf(Error);
});
