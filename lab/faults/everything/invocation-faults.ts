import type { InvocationInterference, LambdaHostOptions, SchedulerOptions } from '@mosaic-relay/cdk-loopback';
import type { FaultInjector, Named } from './fault-injector.ts';

/** Faults of whole invocations: a wrong clock, the timeout, too little memory, a new process. */
export function createInvocationFaults(
  injector: FaultInjector,
): NonNullable<LambdaHostOptions['beforeInvoke']> {
  return ({ definition, payload, requestId }) => {
    const stream = injector.streamOf(definition.name);
    if (stream === undefined) return undefined;
    const { task } = (payload ?? {}) as { readonly task?: string };
    injector.began({ stream, requestId }, task);
    const sparesWitness = task === 'collect';
    const drawn = injector.next({
      stream,
      kind: 'invocation',
      faults: invocationFaults,
      rate: 0.25,
      sparesWitness,
    });
    if (drawn?.fault.kill === undefined) return drawn?.fault.plan?.(drawn.amount);
    // The injector ends the process instead of the host, so that the answer in its hand is known.
    injector.killIn(10 + drawn.amount * 240, { stream, requestId }, drawn.fault.kill, drawn.fault.name);
    return undefined;
  };
}

interface InvocationFault extends Named {
  readonly kill?: 'killed' | 'timeout';
  plan?(amount: number): InvocationInterference;
}

const invocationFaults: readonly InvocationFault[] = [
  { name: 'clock a minute ahead', plan: () => ({ skewMs: 60_000 }) },
  { name: 'clock a minute behind', plan: () => ({ skewMs: -60_000 }) },
  { name: 'cold start', plan: () => ({ cold: true }) },
  { name: 'timeout', losing: true, kill: 'timeout' },
  { name: 'out of memory', losing: true, kill: 'killed' },
];

/** Faults of ticks: Scheduler delivers at least once, and not always in time. */
export function createTickFaults(injector: FaultInjector): NonNullable<SchedulerOptions['interfere']> {
  return ({ schedule }) => {
    const stages = injector.stage();
    const stream =
      stages &&
      [...stages.streams, ...stages.witnesses].find(
        ({ functionArn }) =>
          schedule.targetArn === functionArn || schedule.targetArn.startsWith(`${functionArn}:`),
      );
    const drawn = stream && injector.next({ stream, kind: 'tick', faults: tickFaults, rate: 0.2 });
    return drawn && { delaysMs: drawn.fault.delaysMs(drawn.amount) };
  };
}

interface TickFault extends Named {
  delaysMs(amount: number): readonly number[];
}

const tickFaults: readonly TickFault[] = [
  { name: 'two runs at once', delaysMs: () => [0, 0] },
  { name: 'three runs at once', delaysMs: () => [0, 0, 0] },
  { name: 'late tick', delaysMs: (amount) => [Math.round(amount * 240_000)] },
  { name: 'duplicate tick, later', delaysMs: (amount) => [0, Math.round(amount * 240_000)] },
];
