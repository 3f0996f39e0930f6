import type { EventType } from '../../functions/collector/contract.ts';
import { type LocalStageOptions, openLocalStage } from '../../local/run/local-stage.ts';
import type { LocalStage } from '../../local/run/opened-stage.ts';
import { createProgress } from '../../local/run/progress.ts';
import type { RunContext } from '../../local/run/run-context.ts';
import { runUntilSettled } from '../../local/run/run-until-settled.ts';
import { watchRun } from '../../local/run/watch.ts';
import { type Compared, watchDelivered } from './delivered-events.ts';
import { watchMemory } from './memory-watch.ts';
import { writeSoakSettings } from './settings.ts';
import { createSoakProgress } from './soak-progress.ts';
import { openStoredObjects } from './stored-objects.ts';

export interface SoakOptions {
  readonly events: number;
  readonly seed: number;
  readonly context: RunContext;
}

/** A part of the soak: the raised events, and the faults meanwhile. */
export interface SoakPart extends Pick<LocalStageOptions, 'source' | 'mosaic'> {
  readonly name: string;
  readonly types: readonly EventType[];
  readonly world: NonNullable<LocalStageOptions['world']>;
  /** Begins the part. @returns a function that is true once all events are raised and no fault acts any more */
  begin(stage: LocalStage): () => boolean;
  faults(stage: LocalStage): Readonly<Record<string, number>>;
}

export interface SoakResult {
  readonly name: string;
  readonly seed: number;
  /** True where no event is missing, altered or foreign, and the journal held every one. */
  readonly sound: boolean;
  readonly seconds: number;
  /** The comparison of all streams together. */
  readonly compared: Compared;
  /** Invocations of functions, killed ones included. */
  readonly invocations: number;
  /** The most memory that a function's process ever held. */
  readonly maxRssMb: number;
  /** The most memory that a process held in the first third of the time, and in the rest. */
  readonly earlyRssMb: number;
  readonly lateRssMb: number;
  readonly maxLagSeconds: number;
  /** The planned faults, with how often. */
  readonly faults: Readonly<Record<string, number>>;
  readonly memory: readonly Point[];
  readonly lag: readonly Point[];
}

export interface Point {
  /** Hours since the beginning. */
  readonly at: number;
  readonly value: number;
}

export const hourMs = 3_600_000;
const takeEveryMs = hourMs / 4;

/** Number of different events of each type; the others have ids and times of their own. */
const variety = 4_096;

export async function simulate({ events, seed, context }: SoakOptions, part: SoakPart): Promise<SoakResult> {
  const startedAt = performance.now();
  const now = () => performance.now();
  const settings = await writeSoakSettings(part.types);
  const progress = createProgress(context.stderr);
  let invocations = 0;
  let maxRssMb = 0;
  const lag: { at: number; value: number }[] = [];
  let stage: LocalStage | undefined;
  let stopWatching = (): void => undefined;
  try {
    stage = await openLocalStage({
      ...part,
      context,
      progress,
      variety,
      stage: 'dev',
      seed,
      settings: settings.path,
      world: {
        ...part.world,
        lambda: {
          ...part.world.lambda,
          skipSleeps: true,
          onInvocation: (invocation) => {
            invocations += 1;
            maxRssMb = Math.max(maxRssMb, invocation.maxRssMb ?? 0);
          },
        },
      },
    });
    const { world, simulator, source, streams } = stage;
    const began = world.clock.now();
    const hoursOf = (at: number): number => (at - began) / hourMs;
    const objects = openStoredObjects(world);
    const onLag = (at: number, ms: number): void => {
      lag.push({ at: hoursOf(at), value: ms / 1000 });
    };
    const delivered = streams.map((stream) =>
      watchDelivered(stream, { world, simulator, source, objects, onLag }),
    );
    const takeAll = async (): Promise<void> => {
      for (const each of delivered) await each.take();
    };
    const ready = part.begin(stage);
    const takeNow = (): Promise<void> => {
      world.clock.at(world.clock.now() + takeEveryMs, takeNow);
      return takeAll();
    };
    world.clock.at(began + takeEveryMs, takeNow);
    progress.stage(`Soaking: ${part.name}`);
    world.startSchedules();

    const watch = watchRun({ world, streams, source });
    const memory = watchMemory(world);
    const shown = createSoakProgress(context.stderr, { name: part.name, events, now });
    const showing = setInterval(() => {
      void memory.look();
      const sum = (of: 'collected' | 'delivered') =>
        watch.progress().reduce((total, each) => total + each[of], 0);
      shown.update({
        collected: sum('collected'),
        delivered: sum('delivered'),
        compared: delivered.reduce((total, { taken }) => total + taken, 0),
        hours: hoursOf(world.clock.now()),
      });
    }, 500);
    stopWatching = () => {
      clearInterval(showing);
      shown.stop();
    };
    await runUntilSettled(world.clock, watch, ready);
    context.signal.throwIfAborted();
    await takeAll();
    stopWatching();
    objects.close();
    const total = delivered.map((each) => each.compare()).reduce(addCompared);
    const held = memory.seen.map(({ at, mb }) => ({ at: hoursOf(at), value: mb }));
    const third = Math.ceil(held.length / 3);
    return {
      name: part.name,
      seed,
      sound:
        total.missing + total.altered + total.foreign === 0 &&
        total.journalEqual &&
        world.denials.length + world.refusals.length === 0,
      seconds: (performance.now() - startedAt) / 1000,
      compared: total,
      invocations,
      maxRssMb,
      earlyRssMb: most(held.slice(0, third)),
      lateRssMb: most(held.slice(third)),
      maxLagSeconds: most(lag),
      faults: part.faults(stage),
      memory: held,
      lag,
    };
  } finally {
    stopWatching();
    await stage?.close();
    await settings.remove();
  }
}

function most(points: readonly Point[]): number {
  return points.reduce((highest, { value }) => Math.max(highest, value), 0);
}

function addCompared(a: Compared, b: Compared): Compared {
  return {
    generated: a.generated + b.generated,
    delivered: a.delivered + b.delivered,
    missing: a.missing + b.missing,
    duplicates: a.duplicates + b.duplicates,
    foreign: a.foreign + b.foreign,
    altered: a.altered + b.altered,
    journalEqual: a.journalEqual && b.journalEqual,
  };
}
