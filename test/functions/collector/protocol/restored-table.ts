import { SinkRefused } from '../../../../functions/collector/protocol/ports/sink.ts';
import type { Meta } from '../../../../functions/stored/meta-item.ts';
import { answered } from '../../../contracts/memory-source.ts';
import { type KillSwitch, killSwitch, watchEffects } from './killed.ts';
import { batchSize, destinations, events } from './killed-program.ts';
import { numbered, type RelayUnderTest, relayUnderTest } from './relay-under-test.ts';

export interface Restoration {
  /** The effect just before which the table was as it is to be again. */
  readonly taken: number;
  /** The later effect just before which it is put back; behind the last one: afterwards. */
  readonly putBack: number;
}

/** A life in which the table is put back, and which may be killed after that. */
export async function liveWithRestoration(
  { taken, putBack }: Restoration,
  kill: KillSwitch = killSwitch(),
): Promise<RelayUnderTest> {
  const relay = born();
  let snapshot: ReturnType<typeof snapshotOf> | undefined;
  let isBack = false;
  const back = (): void => {
    isBack = true;
    snapshot?.putBack();
  };
  const watch = watchEffects((at) => {
    if (at === taken) snapshot = snapshotOf(relay);
    if (at === putBack) back();
  });
  await Promise.race([
    kill.killed,
    live(relay, { ...kill, wrap: (name, port) => kill.wrap(name, watch.wrap(name, port)) }),
  ]);
  if (!isBack) back();
  return relay;
}

/** What a life without any mishap does, in order. */
export async function effectsOfLife(): Promise<readonly string[]> {
  const kill = killSwitch();
  await live(born(), kill);
  return kill.effects;
}

/** Moments just before effects, and after the last: of a call that is repeated, the first alone. */
export function momentsIn(effects: readonly string[]): readonly number[] {
  return [...effects.keys(), effects.length].filter((at) => effects[at] !== effects[at - 1]);
}

/** Moments at which the table may be another than at the one before. */
export function tablesIn(effects: readonly string[]): readonly number[] {
  return momentsIn(effects).filter((at) => at === 0 || effects[at - 1]!.startsWith('state.'));
}

/** The table as it is now, to be put back later. */
function snapshotOf({ state: { stored }, clock }: RelayUnderTest): { putBack(): void } {
  const { meta, auditing, open, records } = structuredClone(stored);
  return {
    putBack() {
      stored.meta = meta && putBackMeta(meta, clock.now());
      stored.auditing = auditing;
      replace(stored.open, open);
      replace(stored.records, records);
    },
  };
}

/** As the procedure says: a table that knows of no audit is audited by the next pass. */
export function putBackMeta({ auditedAt: _, ...meta }: Meta, restoredAt: number): Meta {
  return { ...meta, restoredAt };
}

function replace<Value>(items: Map<string, Value>, by: ReadonlyMap<string, Value>): void {
  items.clear();
  for (const [key, value] of by) items.set(key, value);
}

/** The first run will find one batch, and the second one the rest. */
function born(): RelayUnderTest {
  const relay = relayUnderTest(numbered(events), destinations);
  relay.source.stored.script.push(() => undefined, answered([]), answered([]));
  return relay;
}

/** A run that delivers all, a run that Splunk refuses, and a sweep with Splunk well again. */
async function live(relay: RelayUnderTest, kill: KillSwitch): Promise<void> {
  const splunk = relay.sinks.splunk!.stored;
  await relay.run({ batchSize }, kill);
  splunk.answer = () => new SinkRefused('no', { throttled: false, name: 'InternalFailure' });
  await relay.run({ batchSize }, kill);
  splunk.answer = () => undefined;
  await relay.sweep(destinations, kill);
}
