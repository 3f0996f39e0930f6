import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { type CallRecord, draw } from '@mosaic-relay/mosaic-simulator';
import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { World } from '../../../local/world.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

/**
 * Draws and records the faults of collectors.
 *
 * Each function's calls are numbered separately, so that the order between functions changes no draw. A witness is
 * spared every fault that could lose an answer, so that of one event only one copy is ever lost.
 */
export interface FaultInjector {
  /** Undefined before the faults begin and after they are over. */
  stage(): FaultyStage | undefined;
  /** Faults happen from now on. */
  begin(stage: FaultyStage): void;
  end(): void;
  /** The stream of a function that takes part in the run; undefined for any other function. */
  streamOf(functionName: string): WorldStream | undefined;
  /** The stream with Mosaic's id, or with an id that was replaced. */
  streamIn(mosaic: { readonly type?: string; readonly streamId?: string }): WorldStream | undefined;
  /** The invocation that makes a call of AWS; undefined for every other caller. */
  callerOf(call: AwsCall): Required<Victim> | undefined;
  /** The number of the last collect call that Mosaic got for a stream. */
  latestCollect(stream: WorldStream): number | undefined;
  /** Draws the fault of the next occasion of this kind, or none; the same key draws the same. */
  next<Fault extends Named>(occasion: Occasion<Fault>): DrawnFault<Fault> | undefined;
  /** Called for every invocation that begins. */
  began(invocation: Required<Victim>, task: string | undefined): void;
  /** Called for every collect call that Mosaic gets. */
  called(stream: WorldStream, call: number): void;
  /** Ends the victim's process at once; does nothing where it has ended by itself. */
  kill(victim: Victim, cause: 'killed' | 'timeout', why: string): void;
  /** Ends the victim's process after `delayMs`. */
  killIn(delayMs: number, victim: Victim, cause: 'killed' | 'timeout', why: string): void;
  /** Lets a process's credentials expire; it is replaced after the invocation in hand. */
  expire(accessKeyId: string, stream: WorldStream): void;
  /** Called for every invocation that ended. */
  ended(functionName: string): void;
  note(stream: WorldStream, name: string): void;
  /** The stream's faults with how often, those of a witness among its primary's. */
  befell(stream: WorldStream): Readonly<Record<string, number>>;
  /** The cause that ended the process with the answer of that call of Mosaic in hand. */
  killedAfter(call: number): string | undefined;
}

export interface Victim {
  readonly stream: WorldStream;
  /** The invocation; absent for all of those that collect from the stream. */
  readonly requestId?: string;
}

export interface Named {
  readonly name: string;
  /** True where the fault may lose an answer: a witness is never given one. */
  readonly losing?: boolean;
}

export interface Occasion<Fault extends Named> {
  readonly stream: WorldStream;
  /** Such as `call`: each kind is numbered and drawn on its own. */
  readonly kind: string;
  readonly faults: readonly Fault[];
  /** 0..1 */
  readonly rate: number;
  /** False where even a losing fault loses nothing. */
  readonly sparesWitness?: boolean;
}

export interface DrawnFault<Fault> {
  readonly fault: Fault;
  /** 0 <= x < 1: the strength of the fault. */
  readonly amount: number;
}

export function createFaultInjector(seed: number): FaultInjector {
  const counts = new Map<string, Map<string, number>>();
  const occasions = new Map<string, number>();
  const killed = new Map<number, string>();
  /** By the key that has expired. */
  const expired = new Map<string, { readonly functionName: string; readonly world: World }>();
  const collecting = new Set<string>();
  /** The cause that ended the last process that collected from a stream, until another process does. */
  const ended = new Map<string, string>();
  let current: FaultyStage | undefined;

  const find = (is: (stream: WorldStream) => boolean): WorldStream | undefined =>
    current && [...current.streams, ...current.witnesses].find(is);
  const streamOf: FaultInjector['streamOf'] = (functionName) =>
    find((one) => one.functionName === functionName);
  const streamIn: FaultInjector['streamIn'] = ({ type, streamId = '' }) =>
    find((one) => one.type === type && current!.ids.of(one).includes(streamId));
  const latestCollect: FaultInjector['latestCollect'] = ({ name }) => {
    const isOne = (call: CallRecord) => call.operation === 'collect' && streamIn(call)?.name === name;
    return current?.simulator.calls.findLast(isOne)?.number;
  };
  const note = (stream: WorldStream, name: string): void => {
    const of = stream.settings.witnessOf?.name ?? stream.name;
    const tally = counts.get(of) ?? new Map<string, number>();
    counts.set(of, tally.set(name, (tally.get(name) ?? 0) + 1));
  };
  const kill: FaultInjector['kill'] = ({ stream, requestId: wanted }, cause, why) => {
    if (current === undefined) return;
    const latest = latestCollect(stream);
    for (const { id, functionName, requestId } of current.world.lambda.sandboxes()) {
      if (functionName !== stream.functionName || requestId === undefined) continue;
      const collects = collecting.has(requestId);
      if (wanted === undefined ? !collects : requestId !== wanted) continue;
      if (collects && latest !== undefined && !killed.has(latest)) killed.set(latest, why);
      if (collects) ended.set(stream.name, why);
      current.world.lambda.kill(id, cause);
    }
  };
  return {
    stage: () => current,
    begin: (stage) => {
      current = stage;
    },
    end: () => {
      current = undefined;
    },
    streamOf,
    streamIn,
    latestCollect,
    callerOf({ accessKeyId }) {
      const sandbox = current?.world.lambda.sandboxes().find((one) => one.accessKeyId === accessKeyId);
      const stream = sandbox && streamOf(sandbox.functionName);
      if (sandbox?.requestId === undefined || stream === undefined) return undefined;
      return { stream, requestId: sandbox.requestId };
    },
    next({ stream, kind, faults, rate, sparesWitness = true }) {
      const key = `${kind} ${stream.name}`;
      const number = (occasions.get(key) ?? 0) + 1;
      occasions.set(key, number);
      if (draw(seed, key, number) >= rate) return undefined;
      const fault = faults[Math.floor(draw(seed, key, number, 'which') * faults.length)]!;
      const isWitness = stream.settings.witnessOf !== undefined;
      if (isWitness && sparesWitness && fault.losing) return undefined;
      note(stream, fault.name);
      return { fault, amount: draw(seed, key, number, 'amount') };
    },
    began({ stream, requestId }, task) {
      if (task !== 'collect') return;
      collecting.add(requestId);
      ended.delete(stream.name);
    },
    called({ name }, call) {
      // A call that a process sent before its end still arrives.
      const why = ended.get(name);
      if (why !== undefined) killed.set(call, why);
    },
    kill,
    killIn(delayMs, victim, cause, why) {
      const clock = current?.world.clock;
      clock?.at(clock.now() + delayMs, () => kill(victim, cause, why));
    },
    expire(accessKeyId, { functionName }) {
      if (current === undefined) return;
      current.world.identities.expire(accessKeyId);
      expired.set(accessKeyId, { functionName, world: current.world });
    },
    ended(functionName) {
      for (const [accessKeyId, { functionName: name, world }] of expired) {
        if (name !== functionName) continue;
        // The invocation that ended may be another one, while this process still works on its own.
        const lives = world.lambda.sandboxes().some((one) => one.accessKeyId === accessKeyId);
        if (lives) void world.lambda.recycle(functionName);
        else expired.delete(accessKeyId);
      }
    },
    note,
    befell: ({ name }) => Object.fromEntries(counts.get(name) ?? []),
    killedAfter: (call) => killed.get(call),
  };
}
