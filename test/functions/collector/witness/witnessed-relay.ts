import type { RunSettings } from '../../../../functions/collector/protocol/run-settings.ts';
import { compare } from '../../../../functions/collector/witness/compare.ts';
import type { CompareReport, CompareSettings } from '../../../../functions/collector/witness/comparison.ts';
import type { CollectOutcome } from '../../../../functions/mosaic/collect-outcome.ts';
import { type KillSwitch, killSwitch } from '../protocol/killed.ts';
import { type RelayUnderTest, relayUnderTest } from '../protocol/relay-under-test.ts';
import { createSteppingClock, type SteppingClock } from '../protocol/stepping-clock.ts';

/** A primary and its witness over in-memory ports, each with a copy of its own of the events. */
export interface WitnessedRelay {
  readonly primary: RelayUnderTest;
  readonly witness: RelayUnderTest;
  readonly clock: SteppingClock;
  /** Reads both: the primary at 12:05, the witness at 12:10, and the primary again at 12:30. Ends at 13:00. */
  readBoth(overrides?: Partial<RunSettings>): Promise<void>;
  compare(overrides?: Partial<CompareSettings>, kill?: KillSwitch): Promise<CompareReport>;
}

export const noon = Date.parse('2026-03-01T12:00:00Z');
export const minute = 60_000;
export const hour = 60 * minute;

/** When the hour that began at noon can be compared. */
export const hourOver = noon + hour + 5 * minute;

export function witnessedRelay(
  events: readonly string[],
  witnessed: readonly string[] = events,
): WitnessedRelay {
  const clock = createSteppingClock(noon);
  const primary = relayUnderTest(events, ['s3', 'splunk'], clock);
  const witness = relayUnderTest(witnessed, [], clock);
  return {
    primary,
    witness,
    clock,
    async readBoth(overrides) {
      clock.set(noon + 5 * minute);
      await primary.run(overrides);
      clock.set(noon + 10 * minute);
      await witness.run(overrides);
      clock.set(noon + 30 * minute);
      await primary.run(overrides);
      clock.set(hourOver);
    },
    compare(overrides, kill = killSwitch()) {
      return compare(
        {
          clock,
          witness: {
            state: kill.wrap('witness.state', witness.state),
            journal: kill.wrap('witness.journal', witness.journal),
          },
          primary: {
            state: kill.wrap('primary.state', primary.state),
            journal: kill.wrap('primary.journal', primary.journal),
          },
        },
        {
          type: 'cis',
          mode: 'recover',
          primary: { streamId: 'relay-cis', batchSize: 10, destinations: ['s3', 'splunk'] },
          timeout: 900,
          decompressedCapMiB: 64,
          ...overrides,
        },
        clock.now() + 15 * minute,
      );
    },
  };
}

/** An answer that was consumed and never arrived. */
export function lostOnTheWire(queue: string[], count: number): CollectOutcome {
  queue.splice(0, count);
  return { kind: 'unknown', reason: 'reset', message: 'the connection was reset' };
}
