import type { EventType } from '../../functions/collector/contract.ts';
import type { Interfere } from '../mosaic/answer-call.ts';
import { createRandom } from '../mosaic/random.ts';
import { createDestinationFaults } from '../run/faults/destination-faults.ts';
import { type LocalStage, type LocalStageOptions, openLocalStage } from '../run/local-stage.ts';
import { createProgress } from '../run/progress.ts';
import type { RunContext } from '../run/run-context.ts';
import { runUntilSettled } from '../run/run-until-settled.ts';
import { watchRun } from '../run/watch.ts';
import { raisedBy } from './day-pattern.ts';
import { type Compared, createHarvest } from './harvest.ts';
import { writeSoakSettings } from './settings.ts';
import { openStoredObjects } from './stored-objects.ts';

export interface SoakOptions {
  readonly events: number;
  readonly seed: number;
  readonly context: RunContext;
}

export interface SoakResult {
  readonly name: string;
  readonly seed: number;
  /** Nothing is missing, altered or foreign, and the journal held everything. */
  readonly sound: boolean;
  readonly seconds: number;
  /** All streams together. */
  readonly compared: Compared;
  readonly maxRssMb: number;
  /** The most that a collector's process held in the first third of the invocations, and in the last. */
  readonly earlyRssMb: number;
  readonly lateRssMb: number;
  readonly maxLagSeconds: number;
  /** What went wrong on purpose: name → how often. */
  readonly faults: Readonly<Record<string, number>>;
  readonly memory: readonly Point[];
  readonly lag: readonly Point[];
}

export interface Point {
  /** Hours since the beginning. */
  readonly at: number;
  readonly value: number;
}

const hourMs = 3_600_000;
const partMs = 5 * 60_000;

/** A day over four streams: events as people are about, destinations failing, sweeps killed, Mosaic away for an hour. */
export async function simulateDay({ events, seed, context }: SoakOptions): Promise<SoakResult> {
  const faults = createDestinationFaults(seed);
  const random = createRandom('soak', seed);
  const counts: Record<string, number> = {};
  const note = (fault: string): void => {
    counts[fault] = (counts[fault] ?? 0) + 1;
  };
  let awayFrom = Number.POSITIVE_INFINITY;
  const mosaic: Interfere = ({ at, operation }) => {
    if (operation !== 'collect' || at < awayFrom || at >= awayFrom + hourMs) return undefined;
    note('Mosaic away');
    return { before: { kind: 'status', status: 503 } };
  };
  return simulate(
    'day',
    { events, seed, context },
    {
      types: ['cis', 'admin', 'risk', 'verify'],
      source: ['empty', 'expired-token', 'gzip'],
      mosaic,
      world: {
        ...faults.world,
        lambda: {
          beforeInvoke({ payload }) {
            if ((payload as { readonly task?: string } | undefined)?.task !== 'sweep' || !random.chance(0.02))
              return undefined;
            note('sweep killed');
            return { kill: { afterMs: random.below(300), cause: 'killed' } };
          },
        },
      },
      begin(stage) {
        const { clock } = stage.world;
        const startedAt = clock.now();
        awayFrom = startedAt + (2 + random.below(18)) * hourMs;
        faults.begin(stage);
        const parts = (24 * hourMs) / partMs;
        const total = Math.floor(events / stage.streams.length);
        let part = 0;
        let raised = 0;
        const raise = (): void => {
          part += 1;
          const upTo = raisedBy(part, { parts, total, startHour: new Date(startedAt).getUTCHours() });
          if (upTo > raised) stage.source.generate(stage.streams, upTo - raised, partMs);
          raised = upTo;
          if (part < parts) clock.at(startedAt + part * partMs, raise);
        };
        raise();
        return () => part === parts && faults.over();
      },
      faults: (stage) => {
        for (const stream of stage.streams)
          for (const [name, times] of Object.entries(faults.befell(stream)))
            counts[name] = (counts[name] ?? 0) + times;
        return counts;
      },
    },
  );
}

/** Events that have all been waiting when the first run begins, against what Firehose accepts in a large region. */
export function simulateBacklog(options: SoakOptions): Promise<SoakResult> {
  return simulate('backlog', options, {
    types: ['cis'],
    source: ['gzip'],
    world: {
      firehose: {
        quota: { bytesPerSecond: 5 * 1024 * 1024, recordsPerSecond: 500_000, requestsPerSecond: 2_000 },
      },
    },
    begin(stage) {
      stage.source.generate(stage.streams, options.events, hourMs);
      return () => true;
    },
    faults: () => ({}),
  });
}

interface Part extends Pick<LocalStageOptions, 'source' | 'mosaic'> {
  readonly types: readonly EventType[];
  readonly world: NonNullable<LocalStageOptions['world']>;
  /** @returns whether all has been raised, and nothing is wrong any more */
  begin(stage: LocalStage): () => boolean;
  faults(stage: LocalStage): Readonly<Record<string, number>>;
}

async function simulate(name: string, { seed, context }: SoakOptions, part: Part): Promise<SoakResult> {
  const startedAt = performance.now();
  const settings = await writeSoakSettings(part.types);
  const progress = createProgress(context.stderr, () => performance.now());
  const memory: { at: number; value: number }[] = [];
  const lag: { at: number; value: number }[] = [];
  let stage: LocalStage | undefined;
  let showing: NodeJS.Timeout | undefined;
  try {
    stage = await openLocalStage({
      ...part,
      context,
      progress,
      stage: 'dev',
      seed,
      settings: settings.path,
      world: {
        ...part.world,
        lambda: {
          ...part.world.lambda,
          onInvocation: ({ startedAt: at, maxRssMb }) => {
            if (maxRssMb !== undefined) memory.push({ at, value: maxRssMb });
          },
        },
      },
    });
    const { world, source, streams } = stage;
    const began = world.clock.now();
    const objects = openStoredObjects(world);
    const harvests = streams.map((stream) => ({
      stream,
      harvest: createHarvest(stream, {
        world,
        objects,
        onLag: (at, ms) => lag.push({ at, value: ms / 1000 }),
      }),
    }));
    const harvestAll = async (): Promise<void> => {
      for (const { harvest } of harvests) await harvest.take();
    };
    const ready = part.begin(stage);
    const harvestHourly = (): Promise<void> => {
      if (ready()) return Promise.resolve();
      world.clock.at(world.clock.now() + hourMs, harvestHourly);
      return harvestAll();
    };
    world.clock.at(began + hourMs, harvestHourly);
    world.startSchedules();
    progress.stage(`Soaking: ${name}`);
    const watch = watchRun({ world, streams, source });
    showing = setInterval(() => progress.update(watch.progress()), 1_000);
    await runUntilSettled(world.clock, watch, ready);
    context.signal.throwIfAborted();
    clearInterval(showing);
    progress.stop();
    await harvestAll();
    const compared = harvests.map(({ stream, harvest }) => harvest.compare(source.rawEvents(stream)));
    objects.close();
    const total = compared.reduce(addCompared);
    const hours = (points: readonly Point[]): Point[] =>
      points.map(({ at, value }) => ({ at: (at - began) / hourMs, value }));
    const third = Math.ceil(memory.length / 3);
    return {
      name,
      seed,
      sound:
        total.missing + total.altered + total.foreign === 0 &&
        total.journalEqual &&
        world.denials.length + world.refusals.length === 0,
      seconds: (performance.now() - startedAt) / 1000,
      compared: total,
      maxRssMb: most(memory),
      earlyRssMb: most(memory.slice(0, third)),
      lateRssMb: most(memory.slice(-third)),
      maxLagSeconds: most(lag),
      faults: part.faults(stage),
      memory: hours(memory),
      lag: hours(lag),
    };
  } finally {
    clearInterval(showing);
    progress.stop();
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
