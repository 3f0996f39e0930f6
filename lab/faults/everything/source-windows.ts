import type { CallInfo, CallPlan } from '@mosaic-relay/mosaic-simulator';
import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { WorldStream } from '../../../local/world-streams.ts';
import type { EverythingPlan } from './draw-faults.ts';
import type { FaultInjector } from './fault-injector.ts';

/**
 * Faults of Mosaic that last for a while: answers of many events never come, the same answer comes again and
 * again, and a stream whose id was replaced says that it is empty. A fault that may lose an answer spares the
 * witnesses, so that of one event only one copy is ever lost.
 */
export function createSourceWindows(
  injector: FaultInjector,
  plan: Pick<EverythingPlan, 'slowBySize' | 'repeats' | 'emptyWhenReplacedMs'>,
): SourceWindows {
  let stage: FaultyStage | undefined;
  let beganAt = Number.POSITIVE_INFINITY;
  /** The time at which each replaced id was first seen beside its successor. */
  const replacedAt = new Map<string, number>();
  const noted = new Set<string>();
  const noteOnce = (stream: WorldStream, name: string): void => {
    if (noted.has(`${stream.name} ${name}`)) return;
    noted.add(`${stream.name} ${name}`);
    injector.note(stream, name);
  };
  const isNow = (
    window: { readonly fromMs: number; readonly toMs: number } | undefined,
    at: number,
  ): boolean => window !== undefined && at >= beganAt + window.fromMs && at < beganAt + window.toMs;

  return {
    begin(begun) {
      stage = begun;
      beganAt = begun.world.clock.now();
    },
    planOf({ operation, streamId = '', at, type }) {
      // A replaced stream may say so for longer than other faults last.
      const stream = [...(stage?.streams ?? []), ...(stage?.witnesses ?? [])].find(
        (one) => one.type === type && stage!.ids.of(one).includes(streamId),
      );
      if (operation !== 'collect' || stream === undefined) return {};
      const { slowBySize, repeats, emptyWhenReplacedMs = 0 } = plan;
      const isPrimary = stream.settings.witnessOf === undefined;
      if (stream.id !== streamId && emptyWhenReplacedMs > 0) {
        const since = replacedAt.get(`${type}/${streamId}`) ?? at;
        replacedAt.set(`${type}/${streamId}`, since);
        if (at < since + emptyWhenReplacedMs) {
          noteOnce(stream, 'replaced stream falsely empty');
          return { empty: true };
        }
      }
      if (isNow(slowBySize, at) && isPrimary) {
        noteOnce(stream, slow);
        return { slowBySize: { events: slowBySize!.events, cause: slow } };
      }
      if (!isNow(repeats, at)) return {};
      noteOnce(stream, 'repeated answers');
      return { repeat: true };
    },
  };
}

export interface SourceWindows {
  /** Starts the windows' times. */
  begin(stage: FaultyStage): void;
  planOf(call: CallInfo): CallPlan;
}

const slow = 'source slow by size';
