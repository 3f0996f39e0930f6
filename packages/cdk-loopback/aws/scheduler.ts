/**
 * A stand-in for Amazon EventBridge Scheduler, written here: hands events to Lambda's asynchronous queue.
 *
 * A rate begins when it is created, or at its StartDate, and counts from there, as the user guide says. Where it counts
 * from after an update is not documented; here it begins anew. Ticks come on the second, AWS's within their minute.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
 */
import type { Cancel, VirtualClock } from '../clock/virtual-clock.ts';
import { type Occurrences, readExpression } from './scheduler-expression.ts';
import { readScheduleProperties, type Schedule, type ScheduleProperties } from './scheduler-properties.ts';

export interface Scheduler {
  /**
   * Creates or changes a schedule. It fires only after `start`.
   * @param properties of `AWS::Scheduler::Schedule`, resolved
   * @throws naming what is not known here
   */
  put(name: string, properties: object): void;
  remove(name: string): void;
  /** From now on schedules fire, those for which `wanted` says so; rates begin with a tick at once. */
  start(wanted?: (schedule: Schedule) => boolean): void;
  stop(): void;
  readonly schedules: readonly Schedule[];
  /** As they were put; undefined where there is no schedule of that name. */
  propertiesOf(name: string): Readonly<Record<string, unknown>> | undefined;
  /** When a schedule was created and last put, in ms since the epoch; undefined where there is none of that name. */
  datesOf(name: string): ScheduleDates | undefined;
}

export interface ScheduleDates {
  readonly createdAt: number;
  readonly changedAt: number;
}

export interface SchedulerOptions {
  readonly clock: VirtualClock;
  readonly accountId: string;
  readonly region: string;
  /**
   * Invokes the target as the schedule's role. A rejection is retried, as the schedule's policy says, unless its
   * message begins with `AccessDenied` or `ResourceNotFound`.
   */
  readonly invoke: (tick: Tick) => Promise<unknown>;
  /** Delivers to a schedule's dead-letter queue, as its role. */
  readonly sendTo?: (roleArn: string, arn: string, message: unknown) => Promise<void>;
  readonly onTick?: (tick: Tick) => void;
  /** Asked at each tick; for faults. Scheduler promises at least one delivery, not exactly one and not on time. */
  readonly interfere?: (tick: Tick) => TickInterference | undefined;
}

export interface Tick {
  readonly schedule: Schedule;
  /** Milliseconds since the epoch. */
  readonly scheduledAt: number;
  /** 1 for the first. */
  readonly attempt: number;
}

export interface TickInterference {
  /** Of each delivery; none for an ordinary one at once, `[0, 0]` for a duplicate, `[90_000]` for a late one. */
  readonly delaysMs: readonly number[];
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock } = options;
  const held = new Map<string, Held>();
  let started: ((schedule: Schedule) => boolean) | undefined;

  const arm = (entry: Held, from: number) => {
    const next = entry.occurrences?.from(from);
    if (next === undefined || next > entry.endAt) return;
    entry.cancels.add(clock.at(next, () => fire(entry, next)));
  };
  const fire = (entry: Held, scheduledAt: number) => {
    const tick = { schedule: entry.schedule, scheduledAt, attempt: 1 };
    options.onTick?.(tick);
    const { delaysMs } = options.interfere?.(tick) ?? { delaysMs: [0] };
    for (const delayMs of delaysMs) {
      if (delayMs === 0) clock.at(clock.now(), () => deliver(entry, tick));
      else entry.cancels.add(clock.at(clock.now() + delayMs, () => deliver(entry, tick)));
    }
    arm(entry, scheduledAt + 1);
  };
  const deliver = async (entry: Held, tick: Tick): Promise<void> => {
    try {
      await options.invoke(tick);
    } catch (error) {
      const at = clock.now() + retryDelayMs(tick.attempt);
      const lasting = /^(AccessDenied|ResourceNotFound)/.test((error as Error).message);
      const again = !lasting && tick.attempt <= entry.maxRetries && at <= tick.scheduledAt + entry.maxAgeMs;
      if (again) {
        entry.cancels.add(clock.at(at, () => deliver(entry, { ...tick, attempt: tick.attempt + 1 })));
        return;
      }
      await giveUp(entry, error as Error);
    }
  };
  const giveUp = async ({ schedule, deadLetterArn }: Held, error: Error) => {
    // A run whose schedules cannot reach their targets has shown nothing.
    if (deadLetterArn === undefined || options.sendTo === undefined)
      throw new Error(`${schedule.name}: ${error.message}`, { cause: error });
    await options.sendTo(schedule.roleArn, deadLetterArn, JSON.parse(schedule.input));
  };
  const begin = (entry: Held) => {
    if (started === undefined || !entry.schedule.enabled || !started(entry.schedule)) return;
    const from = Math.max(clock.now(), entry.startAt);
    entry.occurrences = readExpression(entry.schedule.expression, entry.timeZone, from);
    arm(entry, from);
  };
  const end = (entry: Held | undefined) => {
    for (const cancel of entry?.cancels ?? []) cancel();
    entry?.cancels.clear();
  };

  return {
    put: (name, properties) => {
      const read = readScheduleProperties(name, properties, options);
      // In AWS's words, which also refuse a constant in a template once its time has passed.
      if (read.startAt !== 0 && read.startAt < clock.now() - 5 * 60_000)
        throw new Error(`schedule ${name}: The StartDate you specify cannot be earlier than 5 minutes ago.`);
      const before = held.get(name);
      end(before);
      const now = clock.now();
      const dates = { createdAt: before?.dates.createdAt ?? now, changedAt: now };
      const entry: Held = { ...read, properties: { ...properties }, dates, cancels: new Set() };
      held.set(name, entry);
      begin(entry);
    },
    remove: (name) => {
      end(held.get(name));
      held.delete(name);
    },
    start: (wanted = () => true) => {
      started = wanted;
      for (const entry of held.values()) {
        end(entry);
        begin(entry);
      }
    },
    stop: () => {
      started = undefined;
      for (const entry of held.values()) end(entry);
    },
    get schedules() {
      return [...held.values()].map(({ schedule }) => schedule);
    },
    propertiesOf: (name) => held.get(name)?.properties,
    datesOf: (name) => held.get(name)?.dates,
  };
}

interface Held extends ScheduleProperties {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dates: ScheduleDates;
  readonly cancels: Set<Cancel>;
  occurrences?: Occurrences;
}

/** Scheduler retries with exponential backoff, whose lengths are not documented. */
const retryDelayMs = (attempt: number) => Math.min(3_600_000, 1_000 * 2 ** attempt);
