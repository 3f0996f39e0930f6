import { keptMs } from '../schedules/kept-until.ts';
import { count, durationText } from '../text.ts';
import { ceilings, duty, freshness, mostDuty, quotaLimit, soonest } from './recommend.ts';
import { compression, type Load, type Plan, shapeOfRun, type Timing } from './workload.ts';

/** The figures of a stream that warnings are derived from. */
export interface Strained {
  readonly load: Load;
  readonly timing: Timing;
  readonly present: Plan;
  /** Absent if no plan gives the wanted freshness. */
  readonly cheapest: Plan | undefined;
  readonly freshnessSeconds: number;
}

/** Warnings as sentences, each with what to do. Empty if nothing needs a change. */
export function warnings(strained: Strained): string[] {
  return [
    ...unreachable(strained),
    ...presentRun(strained),
    ...reader(strained),
    ...quotas(strained),
    ...longSchedule(strained),
    ...receivers(strained),
    ...littleMemory(strained),
  ];
}

/** Warns of a freshness that no schedule gives, because no schedule is sooner than a minute. */
function unreachable({ load, timing, present, cheapest, freshnessSeconds }: Strained): string[] {
  if (cheapest !== undefined) return [];
  const each = soonest(present);
  if (duty(load, each, timing) > mostDuty) {
    const taken = durationText(shapeOfRun(load, each, timing).neededSeconds * 1_000);
    const limit = rate(ceilings(load, each, timing).readerEventsPerSecond);
    return [
      `No schedule leaves a run half of its time free, as slow days need: each minute it would take ${taken} of 60 s, and one reader is saturated at ${limit}.`,
    ];
  }
  const within = durationText(freshness(load, each, timing) * 1_000);
  return [
    `Nothing brings events to Firehose within ${durationText(freshnessSeconds * 1_000)}: a schedule of a minute gives ${within}.`,
  ];
}

/** Warns of the present schedule and batch size. */
function presentRun({ load, timing, present, cheapest }: Strained): string[] {
  const share = duty(load, present, timing);
  if (share <= mostDuty) return [];
  const { neededSeconds } = shapeOfRun(load, present, timing);
  const { everySeconds, timeoutSeconds } = present;
  const time =
    timeoutSeconds < everySeconds
      ? `the ${durationText(timeoutSeconds * 1_000)} after which it is ended`
      : `each ${durationText(everySeconds * 1_000)}`;
  const then =
    share > 1
      ? 'the stream falls behind until Mosaic drops what it retains'
      : 'more than half, so a backlog drains slower than it grew';
  const mended = { ...present, batchSize: 1_000 };
  const remedy =
    present.batchSize < 1_000 && duty(load, mended, timing) <= mostDuty
      ? ` A batch size of 1,000 brings it to ${durationText(shapeOfRun(load, mended, timing).neededSeconds * 1_000)}.`
      : cheapest !== undefined
        ? ` Every ${durationText(cheapest.everySeconds * 1_000)} keeps up.`
        : '';
  return [`The present run takes ${durationText(neededSeconds * 1_000)} of ${time}: ${then}.${remedy}`];
}

function reader({ load, timing, present, cheapest }: Strained): string[] {
  const { readerEventsPerSecond } = ceilings(load, present, timing);
  const share = load.eventsPerSecond / readerEventsPerSecond;
  const fullMinute = duty(load, soonest(present), timing) > mostDuty;
  if (share <= mostDuty && !(cheapest === undefined && fullMinute)) return [];
  const state = share > 1 ? 'beyond' : 'at half or more of';
  const readers = Math.max(2, Math.ceil(share / mostDuty));
  return [
    `This stream is ${state} what one reader draws. A second stream of the type is a copy, not a share: ask the vendor how to part the type over ${readers} streams, and poll each minute.`,
  ];
}

function quotas({ load, present }: Strained): string[] {
  return present.destinations.flatMap((destination) => {
    const share = load.eventsPerSecond / quotaLimit(load, destination);
    if (share <= mostDuty) return [];
    const state =
      share > 1
        ? 'beyond its quota: delivery falls behind, until the journal drops what it keeps'
        : 'above half of its quota, so a backlog drains slower than it grew';
    const compress =
      destination.compressible && !destination.compressed
        ? ` Compressed records (compressRecords) stretch it ${compression} times.`
        : '';
    const put = mebibytes(share * destination.quotaMiBPerSecond);
    return [
      `The delivery stream of ${destination.name} is put ${put} MiB/s, ${state}. Ask AWS to raise the quota.${compress}`,
    ];
  });
}

/** Mosaic surely keeps events for a day only. With half a day between runs, one failed run uses that day up. */
function longSchedule({ cheapest }: Strained): string[] {
  if (cheapest === undefined || cheapest.everySeconds * 2_000 < keptMs) return [];
  return [
    `Mosaic is sure to keep events for ${durationText(keptMs)} alone: with ${durationText(cheapest.everySeconds * 1_000)} between runs, one that fails may cost events.`,
  ];
}

/** Warns of receivers to which a schedule, or an outage of some hours, brings events too late. */
function receivers({ present, cheapest }: Strained): string[] {
  const everyMs = Math.max(present.everySeconds, cheapest?.everySeconds ?? 0) * 1_000;
  return present.destinations.flatMap(({ limit }) => {
    if (limit === undefined) return [];
    const { destination, withinMs, says } = limit;
    if (everyMs > withinMs)
      return [
        `${durationText(everyMs)} between runs is too long for ${destination}: ${says}. Collect at least every ${durationText(withinMs)}.`,
      ];
    if (withinMs > longestOutageMs) return [];
    return [
      `An outage of ${destination}, or a pause, of more than ${durationText(withinMs - everyMs)} makes events too late for it: ${says}.`,
    ];
  });
}

/** An outage of a week has been seen by then. */
const longestOutageMs = 7 * 86_400_000;

function littleMemory({ cheapest }: Strained): string[] {
  if (cheapest === undefined || cheapest.memoryMb >= 512) return [];
  return [
    `A collector may need 200 MB and more for large answers, and one that is ended for want of ${cheapest.memoryMb} MB may lose a batch: 512 are safer.`,
  ];
}

/** `1 event/s`, `5,051 events/s` */
export function rate(eventsPerSecond: number): string {
  const number =
    eventsPerSecond >= 10
      ? count(Math.round(eventsPerSecond))
      : String(Number(eventsPerSecond.toPrecision(2)));
  return `${number} ${number === '1' ? 'event' : 'events'}/s`;
}

function mebibytes(number: number): string {
  return number >= 10 ? count(Math.round(number)) : String(Number(number.toPrecision(2)));
}
