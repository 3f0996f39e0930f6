import { answers } from '../../../../functions/collector/answers/answers.ts';
import { createDestination } from '../../../../functions/collector/delivery/create-destination.ts';
import type { DeliverySettings } from '../../../../functions/collector/delivery/delivery-settings.ts';
import { createRelayLine } from '../../../../functions/collector/delivery/formats/relay-line.ts';
import { run } from '../../../../functions/collector/protocol/run.ts';
import type { RunReport } from '../../../../functions/collector/protocol/run-report.ts';
import type { RunSettings } from '../../../../functions/collector/protocol/run-settings.ts';
import { sweep } from '../../../../functions/collector/protocol/sweep.ts';
import type { SweepReport } from '../../../../functions/collector/protocol/sweep-report.ts';
import { createMemoryJournal, type MemoryJournal } from '../../../contracts/memory-journal.ts';
import { createMemorySink, type MemorySink } from '../../../contracts/memory-sink.ts';
import { createMemorySource, type MemorySource } from '../../../contracts/memory-source.ts';
import { createMemoryState, type MemoryState } from '../../../contracts/memory-state.ts';
import { type KillSwitch, killSwitch } from './killed.ts';
import { createSteppingClock, type SteppingClock } from './stepping-clock.ts';

/** The core over in-memory ports: one stream `cis`, with as many destinations as a test names. */
export interface RelayUnderTest {
  readonly state: MemoryState;
  readonly journal: MemoryJournal;
  readonly source: MemorySource;
  readonly sinks: Readonly<Record<string, MemorySink>>;
  readonly clock: SteppingClock;
  /** @param withinMs from the run's start to Lambda's deadline; the function's own timeout unless said */
  run(overrides?: Partial<RunSettings>, kill?: KillSwitch, withinMs?: number): Promise<RunReport>;
  /** Sweeps after every `OPEN` has come to be sealed. */
  sweep(
    destinations?: readonly string[],
    kill?: KillSwitch,
    changes?: Partial<DeliverySettings>,
    withinMs?: number,
  ): Promise<SweepReport>;
  /** Sweeps at the time that it is. */
  sweepNow(names?: readonly string[], kill?: KillSwitch): Promise<SweepReport>;
  /** Batches told as lost or possibly lost, by runs and sweeps together. */
  told(): number;
  /** The `n` of each event `{"n":…}` that a destination has, in order of arrival. */
  delivered(name: string): readonly number[];
}

export function relayUnderTest(
  events: readonly string[],
  destinationNames: readonly string[] = ['s3'],
  clock: SteppingClock = createSteppingClock(),
  ofDestinations: Partial<DeliverySettings> | ((name: string) => Partial<DeliverySettings>) = {},
  ofSettings: Partial<RunSettings> = {},
): RelayUnderTest {
  const state = createMemoryState({ type: 'cis', streamId: 'relay-cis' });
  const journal = createMemoryJournal();
  const source = createMemorySource(events);
  const sinks = Object.fromEntries(destinationNames.map((name) => [name, createMemorySink()]));
  const settings = (
    names: readonly string[],
    kill: KillSwitch,
    changes: Partial<DeliverySettings> = {},
  ): RunSettings => ({
    type: 'cis',
    streamId: 'relay-cis',
    destinations: names.map((name) =>
      createDestination({
        name,
        format: createRelayLine('dev'),
        packing: 'lines',
        compressRecords: false,
        sink: kill.wrap(name, sinks[name]!),
        quotaBytesPerSecond: 1024 * 1024,
        ...(typeof ofDestinations === 'function' ? ofDestinations(name) : ofDestinations),
        ...changes,
      }),
    ),
    batchSize: 10,
    timeout: timeoutMs / 1_000,
    collectTimeout: 60,
    interval: 300,
    emptyAnswersToStop: 2,
    pollWithin: 0,
    decompressedCapMiB: 64,
    ...ofSettings,
  });
  let runs = 0;
  let audits = 0;
  const newAuditId = (): string => `audit-${++audits}`;
  const told: number[] = [];
  const tellLoss = (batches: number): void => void told.push(batches);
  const sweepOf = (
    names: readonly string[],
    kill: KillSwitch,
    changes: Partial<DeliverySettings>,
    withinMs: number,
  ): Promise<SweepReport> => {
    const ports = {
      state: kill.wrap('state', state),
      journal: kill.wrap('journal', journal),
      quarantine: kill.wrap('journal', journal),
      answers,
      clock,
      tellLoss,
      newAuditId,
    };
    return sweep(ports, settings(names, kill, changes), clock.now() + withinMs);
  };
  return {
    told: () => told.reduce((sum, batches) => sum + batches, 0),
    state,
    journal,
    source,
    sinks,
    clock,
    run(overrides, kill = killSwitch(), withinMs = timeoutMs) {
      const ports = {
        state: kill.wrap('state', state),
        journal: kill.wrap('journal', journal),
        quarantine: kill.wrap('journal', journal),
        answers,
        clock,
        tellLoss,
        openSource: () => kill.wrap('source', { ...source, close: () => undefined }),
        newRunId: () => `run-${++runs}`,
      };
      return run(ports, { ...settings(destinationNames, kill), ...overrides }, clock.now() + withinMs);
    },
    sweep(names = destinationNames, kill = killSwitch(), changes = {}, withinMs = timeoutMs) {
      clock.set(clock.now() + 11 * 60_000);
      return sweepOf(names, kill, changes, withinMs);
    },
    sweepNow: (names = destinationNames, kill = killSwitch()) => sweepOf(names, kill, {}, timeoutMs),
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

const timeoutMs = 300_000;

/** `{"n":0}`, `{"n":1}`, … */
export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `{"n":${n}}`);
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
