import type { AwsCall, AwsError, GatewayOptions, Interference } from '@mosaic-relay/cdk-loopback';
import { journaledBy } from '../../../local/run/journal-call.ts';
import type { FaultInjector, Named, Victim } from './fault-injector.ts';

/** Faults of the collectors' calls to AWS: kill -9 before and after each effect, and every failure of a network. */
export function createCallFaults(injector: FaultInjector): NonNullable<GatewayOptions['interfere']> {
  return (call) => {
    const victim = injector.callerOf(call);
    if (victim === undefined) return undefined;
    const { stream } = victim;
    const journals = journaledBy(call)?.streamName === stream.name;
    const drawn = injector.next({
      stream,
      kind: journals ? 'journal' : 'call',
      faults: callFaults,
      rate: journals ? 0.3 : 0.06,
      // A witness works step by step: only here does it hold an answer.
      sparesWitness: journals,
    });
    return drawn?.fault.plan({ call, victim, injector, amount: drawn.amount });
  };
}

interface CallFault extends Named {
  plan(at: FaultyCall): Interference;
}

interface FaultyCall {
  readonly call: AwsCall;
  /** The process that makes the call. */
  readonly victim: Victim;
  readonly injector: FaultInjector;
  readonly amount: number;
}

const callFaults: readonly CallFault[] = [
  {
    name: 'killed before a call',
    losing: true,
    plan: (at) => ({ before: async () => killNow(at), skipEffect: true }),
  },
  {
    name: 'killed after a call',
    losing: true,
    plan: (at) => ({ after: async () => killNow(at), outcome: 'reset' }),
  },
  { name: 'killed, and the call came later', losing: true, plan: lateEffect },
  {
    name: 'error before the effect',
    plan: ({ call }) => ({ skipEffect: true, outcome: unavailable(call) }),
  },
  { name: 'error after the effect', plan: ({ call }) => ({ outcome: unavailable(call) }) },
  { name: 'reset before the effect', plan: () => ({ skipEffect: true, outcome: 'reset' }) },
  { name: 'reset after the effect', plan: () => ({ outcome: 'reset' }) },
  {
    name: 'slow call',
    plan: ({ amount, injector }) => ({ before: () => pause(injector, 50 + amount * 250) }),
  },
  {
    name: 'call without an answer, and the timeout',
    losing: true,
    plan: (at) => ({ before: async () => timeoutSoon(at), skipEffect: at.amount < 0.5, outcome: 'silence' }),
  },
  {
    name: 'credentials expired',
    losing: true,
    plan: (at) => ({
      before: async () => {
        at.injector.expire(at.call.accessKeyId, at.victim.stream);
        // A call that is refused for good is repeated until the timeout, which comes early here.
        at.injector.killIn(1_000, at.victim, 'timeout', 'credentials expired');
      },
    }),
  },
];

function killNow({ injector, victim, call }: FaultyCall): void {
  injector.kill(victim, 'killed', `killed at ${call.operation}`);
}

function timeoutSoon({ injector, victim, call }: FaultyCall): void {
  injector.killIn(150, victim, 'timeout', `timed out at ${call.operation}`);
}

/** Lets a write arrive up to four minutes after the death of its process: sooner than its run is sealed. */
function lateEffect(at: FaultyCall): Interference {
  const arrived = Promise.withResolvers<void>();
  return {
    before: async () => {
      const clock = at.injector.stage()?.world.clock;
      killNow(at);
      if (clock === undefined) return;
      await new Promise<void>((resume) => {
        clock.at(clock.now() + at.amount * mostLateMs, () => {
          resume();
          // Time waits for the effect, and for a second at most in case there is none.
          setTimeout(arrived.resolve, 1_000).unref();
          return arrived.promise;
        });
      });
    },
    after: async () => arrived.resolve(),
    outcome: 'reset',
  };
}

const mostLateMs = 4 * 60_000;

async function pause(injector: FaultInjector, ms: number): Promise<void> {
  const clock = injector.stage()?.world.clock;
  await new Promise<void>((resume) => {
    if (clock === undefined) resume();
    else clock.at(clock.now() + ms, resume);
  });
}

/** The answer of a service that cannot take a call now. */
export function unavailable({ service }: AwsCall): AwsError {
  if (service === 's3') return { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
  if (service === 'firehose')
    return { status: 503, code: 'ServiceUnavailableException', message: 'Slow down.' };
  return { status: 500, code: 'InternalServerError', message: 'Internal server error' };
}
