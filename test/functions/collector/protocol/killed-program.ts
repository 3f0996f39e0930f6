import { type KillSwitch, killSwitch } from './killed.ts';
import type { RelayUnderTest } from './relay-under-test.ts';

export const events = 35;
/** More than the 10 that a cautious run asks for. */
export const batchSize = 12;
export const destinations = ['s3', 'splunk'];

/** What is killed at each of its outside effects. */
export interface Program {
  readonly name: string;
  /** A run before it, which never ended. */
  readonly after?: string;
  prepare(): Promise<RelayUnderTest>;
  go(relay: RelayUnderTest, kill: KillSwitch): Promise<unknown>;
}

export function runOnce(relay: RelayUnderTest, kill: KillSwitch): Promise<unknown> {
  return relay.run({ batchSize }, kill);
}

export function sweepOnce(relay: RelayUnderTest, kill: KillSwitch): Promise<unknown> {
  return relay.sweep(destinations, kill);
}

export async function effectsOf({ prepare, go }: Program): Promise<readonly string[]> {
  const kill = killSwitch();
  await go(await prepare(), kill);
  return kill.effects;
}

/** Lets it die just before and just after each of its effects, every time anew. */
export async function* killedAtEachStep(program: Program): AsyncGenerator<Killed> {
  for (const [at, effect] of (await effectsOf(program)).entries()) {
    for (const moment of ['before', 'after'] as const) {
      const relay = await program.prepare();
      const kill = killSwitch(at, moment);
      await Promise.race([kill.killed, program.go(relay, kill)]);
      const where = `${program.name} killed ${moment} effect ${at}, ${effect}`;
      yield { relay, effect, moment, where, effects: kill.effects };
    }
  }
}

export interface Killed {
  readonly relay: RelayUnderTest;
  readonly effect: string;
  readonly moment: 'before' | 'after';
  /** To name it when an expectation fails. */
  readonly where: string;
  /** Up to the last. */
  readonly effects: readonly string[];
}

/** Ticks and sweeps, until everything is delivered. @returns batches that were told as lost or possibly lost */
export async function goOn(relay: RelayUnderTest): Promise<number> {
  for (const sink of Object.values(relay.sinks)) sink.stored.answer = () => undefined;
  const before = relay.told();
  // A run that an audit has reopened is sealed after 20 minutes.
  for (let i = 0; i < 4; i++) {
    await relay.sweep();
    await relay.run({ batchSize });
  }
  return relay.told() - before;
}

/** At the destination that lacks most; what waits for an operator is not lost. */
export function lost(relay: RelayUnderTest): number {
  return Math.max(
    ...destinations.map(
      (name) => events - new Set([...relay.delivered(name), ...quarantined(relay, name)]).size,
    ),
  );
}

function quarantined(relay: RelayUnderTest, name: string): readonly number[] {
  const entries = [...relay.journal.stored.quarantine.values()];
  const concerned = entries.filter(({ destination = name }) => destination === name);
  return concerned.flatMap(({ bytes }) =>
    [...String(Buffer.from(bytes)).matchAll(/"n":(\d+)/g)].map(([, digits]) => Number(digits)),
  );
}
