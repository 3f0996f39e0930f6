import { eventId } from '../../functions/collector/answers/event-id.ts';
import { isLateEvent } from '../../functions/collector/delivery/late-events.ts';
import { openPrefix, readOpenRun } from '../../functions/stored/open-item.ts';
import { readRun, runPrefix } from '../../functions/stored/run-item.ts';
import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';
import type { ToldLate } from './compared-sets.ts';
import { readDeliveredLine } from './delivered-line.ts';
import { isEventId } from './id-table.ts';
import { eachIdRefusedForTime } from './receivers/receiver-holding.ts';
import type { Receivers } from './receivers/start-receivers.ts';
import type { LeftOut } from './redrive.ts';
import { itemsOf, plainItem } from './stream-items.ts';

/** Late events that were told of one destination; undefined where its receiver has no limit. */
export type ToldLateOf = (destination: WorldStream['destinations'][number]) => ToldLate | undefined;

/**
 * Reads what collector and sweeps have told of a stream's late events, in the table, and joins what receivers and
 * replays have.
 */
export async function readToldLate(stream: WorldStream, options: ToldLateOptions): Promise<ToldLateOf> {
  const { world, receivers, streamIds, leftOut } = options;
  if (stream.destinations.every(({ ages }) => ages === undefined)) return () => undefined;
  const held = await readHeldBack(stream, world);
  const now = world.clock.now();
  return ({ name, ages }) => {
    if (ages === undefined) return undefined;
    return {
      // Time makes an event too old, and an event from ahead acceptable.
      isLate: (raw, collectedAt) => isLateEvent(raw, ages, now) || isLateEvent(raw, ages, collectedAt),
      // A late event that was sent is told by its receiver, or was taken by it.
      heldBack: (run) => (ages.hold ? (held.get(run)?.[name] ?? 0) : 0),
      async eachId(visit) {
        const received = receivers.of(stream.name, name);
        if (received !== undefined) eachIdRefusedForTime({ received, streamIds }, visit);
        for (const bytes of leftOut?.(stream.name, name) ?? []) {
          // A backup holds lines, and the journal holds events.
          const line = readDeliveredLine(bytes);
          if (line !== undefined && isEventId(line.id)) visit(line.id);
          visit(eventId(stream.type, bytes));
        }
      },
    };
  };
}

export interface ToldLateOptions {
  readonly world: World;
  readonly receivers: Pick<Receivers, 'of'>;
  /** The ids that the stream has had in Mosaic. */
  readonly streamIds: readonly string[];
  readonly leftOut?: LeftOut;
}

/** Late events by run and destination. The item of a run that is still open has those of the run and its sweeps until then. */
async function readHeldBack(
  stream: WorldStream,
  world: World,
): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
  const held = new Map<string, Readonly<Record<string, number>>>();
  for (const item of await itemsOf(stream, world, runPrefix)) {
    const { run, late = {} } = readRun(plainItem(item));
    held.set(run, late);
  }
  for (const item of await itemsOf(stream, world, openPrefix)) {
    const { run, late = {} } = readOpenRun(plainItem(item));
    held.set(run, { ...held.get(run), ...late });
  }
  return held;
}
