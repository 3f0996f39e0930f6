import type { CallPlan, Interfere } from '@mosaic-relay/mosaic-simulator';
import type { WorldStream } from '../../../local/world-streams.ts';
import type { FaultInjector, Named } from './fault-injector.ts';

/** Faults of Mosaic's answers to collect and token calls. */
export function createMosaicFaults(injector: FaultInjector): Interfere {
  return (call) => {
    const stream = call.operation === 'collect' ? injector.streamIn(call) : undefined;
    if (stream === undefined) return undefined;
    injector.called(stream, call.number);
    const drawn = injector.next({ stream, kind: 'collect', faults: mosaicFaults, rate: 0.25 });
    return drawn?.fault.plan({ stream, injector, amount: drawn.amount, name: drawn.fault.name });
  };
}

interface MosaicFault extends Named {
  plan(at: FaultyCollect): CallPlan;
}

interface FaultyCollect {
  readonly stream: WorldStream;
  readonly injector: FaultInjector;
  readonly amount: number;
  readonly name: string;
}

const mosaicFaults: readonly MosaicFault[] = [
  { name: 'slow Mosaic', plan: ({ amount }) => ({ delayMs: 50 + amount * 250 }) },
  { name: '5xx before consuming', plan: ({ amount }) => ({ before: serverError(amount) }) },
  {
    name: '5xx after consuming',
    losing: true,
    plan: ({ amount, name }) => ({ after: { ...serverError(amount), cause: name } }),
  },
  { name: 'reset before consuming', plan: () => ({ before: { kind: 'reset' } }) },
  {
    name: 'reset after consuming',
    losing: true,
    plan: ({ name }) => ({ after: { kind: 'reset', cause: name } }),
  },
  {
    name: 'lost answer that comes again',
    plan: ({ name }) => ({ after: { kind: 'reset', redeliver: true, cause: name } }),
  },
  { name: 'answer cut off', losing: true, plan: () => ({ cutOff: true }) },
  {
    name: 'throttled by Mosaic',
    plan: () => ({
      before: { kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: 'Too Many Requests' },
    }),
  },
  { name: 'short answer', plan: () => ({ short: true }) },
  { name: 'empty answer with a backlog', plan: () => ({ empty: true }) },
  { name: 'duplicates in an answer', plan: () => ({ duplicates: true }) },
  {
    name: 'answer after the caller has gone',
    losing: true,
    plan: ({ injector, stream, name }) => {
      injector.killIn(100, { stream }, 'timeout', name);
      return { delayMs: 300 };
    },
  },
  {
    name: 'no answer of Mosaic, and the timeout',
    losing: true,
    plan: ({ injector, stream, name, amount }) => {
      injector.killIn(150, { stream }, 'timeout', name);
      return amount < 0.5 ? { before: { kind: 'silence' } } : { after: { kind: 'silence', cause: name } };
    },
  },
];

function serverError(amount: number) {
  const status = [500, 502, 503][Math.floor(amount * 3)]!;
  return { kind: 'status', status, body: 'Internal server error' } as const;
}
