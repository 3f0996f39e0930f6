import type { Destination } from '../../../functions/collector/destination.ts';
import { createRelayLine } from '../../../functions/collector/formats/relay-line.ts';
import { type RunReport, type RunSettings, run } from '../../../functions/collector/run.ts';
import { type SweepReport, sweep } from '../../../functions/collector/sweep.ts';
import { createMemoryJournal, type MemoryJournal } from '../../contracts/memory-journal.ts';
import { createMemorySink, type MemorySink } from '../../contracts/memory-sink.ts';
import { createMemorySource, type MemorySource } from '../../contracts/memory-source.ts';
import { createMemoryState, type MemoryState } from '../../contracts/memory-state.ts';
import { createSteppingClock, type SteppingClock } from './stepping-clock.ts';

/** The core over in-memory ports: one stream `cis`, with as many destinations as a test names. */
export interface RelayUnderTest {
  readonly state: MemoryState;
  readonly journal: MemoryJournal;
  readonly source: MemorySource;
  readonly sinks: Readonly<Record<string, MemorySink>>;
  readonly clock: SteppingClock;
  run(overrides?: Partial<RunSettings>): Promise<RunReport>;
  /** Sweeps after every `OPEN` has come to be sealed. */
  sweep(destinations?: readonly string[]): Promise<SweepReport>;
  /** The `n` of each event `{"n":…}` that a destination has, in order of arrival. */
  delivered(name: string): readonly number[];
}

export function relayUnderTest(
  events: readonly string[],
  destinationNames: readonly string[] = ['s3'],
): RelayUnderTest {
  const clock = createSteppingClock();
  const state = createMemoryState({ type: 'cis', streamId: 'relay-cis' });
  const journal = createMemoryJournal();
  const source = createMemorySource(events);
  const sinks = Object.fromEntries(destinationNames.map((name) => [name, createMemorySink()]));
  const destination = (name: string): Destination => ({
    name,
    format: createRelayLine(),
    packing: 'lines',
    compressRecords: false,
    sink: sinks[name]!,
    quotaBytesPerSecond: 1024 * 1024,
  });
  const settings: RunSettings = {
    type: 'cis',
    streamId: 'relay-cis',
    destinations: destinationNames.map(destination),
    batchSize: 10,
    timeoutMs: 300_000,
    collectTimeoutMs: 60_000,
    emptyAnswersToStop: 2,
    pollWithinMs: 0,
    decompressedCapBytes: 64 * 1024 * 1024,
  };
  let runs = 0;
  return {
    state,
    journal,
    source,
    sinks,
    clock,
    run(overrides) {
      const ports = {
        state,
        journal,
        clock,
        openSource: () => ({ ...source, close: () => undefined }),
        newRunId: () => `run-${++runs}`,
      };
      return run(ports, { ...settings, ...overrides }, clock.now() + 300_000);
    },
    sweep(names = destinationNames) {
      clock.set(clock.now() + 11 * 60_000);
      return sweep(
        { state, journal, clock },
        { ...settings, destinations: names.map(destination) },
        clock.now() + 300_000,
      );
    },
    delivered: (name) =>
      sinks[name]!.stored.records.flatMap((record) =>
        Buffer.from(record)
          .toString()
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => Number(/"n":(\d+)/.exec(line)?.[1])),
      ),
  };
}

/** `{"n":0}`, `{"n":1}`, … */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `{"n":${n}}`);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
