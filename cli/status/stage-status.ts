import type { Amount } from '../../functions/stored/waiting-events.ts';
import { type DeployedRelay, streamsOf } from '../access/deployed-relay.ts';
import { type KeptSummary, summarizeKept } from '../kept/summarize-kept.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';
import { sumOf } from '../waiting/amount.ts';
import type { KnownObjects } from '../waiting/count-objects.ts';
import { openDeliveries } from '../waiting/delivery-facts.ts';
import { type RedAlarm, readRedAlarms } from '../waiting/red-alarms.ts';
import { type Verdict, worstOf } from '../waiting/verdict.ts';
import { readStreamStatus } from './read-stream-status.ts';
import type { StreamStatus } from './stream-status.ts';

/** A stage at one moment, or one stream of it. */
export interface StageStatus {
  readonly stage: string;
  /** When it was read, milliseconds since the epoch. */
  readonly now: number;
  /** The worst verdict of everything below. */
  readonly verdict: Verdict;
  /** What the receivers of the settings have not got. */
  readonly waiting: Amount;
  /** Since when the oldest of it waits, milliseconds since the epoch; absent where nothing waits. */
  readonly oldestAt?: number;
  /** Those of the stage itself that are red. */
  readonly alarms: readonly RedAlarm[];
  readonly streams: readonly StreamStatus[];
  /** What is kept of removed destinations. */
  readonly kept: KeptSummary;
}

/** Reads the state of a stage, or of the stream that is named. Nothing is changed, and Mosaic is not asked. */
export async function readStageStatus(
  relay: DeployedRelay,
  { only, names, address, known }: StatusOptions,
): Promise<StageStatus> {
  const wanted = streamsOf(relay, only).filter(({ name }) => names?.has(name) ?? true);
  const schedules = openSchedules(relay);
  const deliveries = openDeliveries(relay);
  try {
    const alarms = await readRedAlarms(relay);
    const sources = { schedules, deliveries, alarms, known, address };
    const streams = await Promise.all(wanted.map((stream) => readStreamStatus(relay, stream, sources)));
    const kept = await summarizeKept(relay, { only, address });
    const destinations = streams.flatMap((stream) => stream.destinations);
    const oldest = Math.min(...destinations.map(({ oldestAt }) => oldestAt ?? Number.POSITIVE_INFINITY));
    // What one stream's operator asks is no question about the stage.
    const ofStage = only === undefined ? (alarms?.ofStage ?? []) : [];
    return {
      stage: relay.stage,
      now: relay.now(),
      verdict: worstOf([
        ...streams.map(({ verdict }) => verdict),
        ...(ofStage.length > 0 ? (['waiting for you'] as const) : []),
        kept.verdict,
      ]),
      waiting: sumOf(destinations.map(({ waiting }) => waiting)),
      ...(Number.isFinite(oldest) ? { oldestAt: oldest } : {}),
      alarms: ofStage,
      streams,
      kept,
    };
  } finally {
    schedules.close();
    deliveries.close();
  }
}

export interface StatusOptions {
  /** The one stream that is asked for; absent for all. */
  readonly only?: string | undefined;
  /** Names of the streams that are asked for; absent for all. */
  readonly names?: ReadonlySet<string>;
  /** The flags that name the relay, for commands to type. */
  readonly address: string;
  /** Objects that were read before. */
  readonly known: KnownObjects;
}
