import { createS3Journal } from '../../functions/collector/adapters/s3-journal.ts';
import { createS3Quarantine } from '../../functions/collector/adapters/s3-quarantine.ts';
import type { Journal } from '../../functions/collector/protocol/ports/journal.ts';
import type { Lease, Meta, RetiringStream } from '../../functions/stored/meta-item.ts';
import type { OpenRun } from '../../functions/stored/open-item.ts';
import type { RunEnd } from '../../functions/stored/run-item.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { stateOf } from '../access/open-relay.ts';
import type { Schedules, StreamSchedule } from '../schedules/stream-schedule.ts';
import type { DestinationHealth, Health } from './destination-health.ts';

/** One stream at one moment. Times are milliseconds since the epoch. */
export interface StreamStatus {
  /** The name under which it began. */
  readonly name: string;
  /** Its name in the settings. */
  readonly label: string;
  readonly id: string;
  readonly type: string;
  readonly schedule: StreamSchedule;
  /** Absent when it has never run. */
  readonly lastRun?: RunEnd;
  /** The newest collected event's own timestamp; absent when no run has read one. */
  readonly lastEventAt?: number;
  /** Age of the newest collected event while the last run left a backlog; 0 when it was drained; absent when unknown. */
  readonly lagMs?: number;
  /** The run that holds the lease, also one that was killed and whose lease has not expired. */
  readonly lease?: Lease;
  readonly openRuns: number;
  /** Age of the oldest run that some destination has not got whole; 0 when there is none. */
  readonly oldestUndeliveredMs: number;
  /** Objects in quarantine, which wait for an operator; counted up to 5,000. */
  readonly quarantined: number;
  readonly destinations: readonly DestinationHealth[];
  /** Names of removed destinations, with the batches of open runs that each lacks. */
  readonly owedToRemoved: Readonly<Record<string, number>>;
  /** Streams whose id was replaced in the settings, which are still read. */
  readonly retiring: readonly Pick<RetiringStream, 'streamId' | 'emptySince'>[];
}

/** Reads one stream's state. Nothing is changed, and Mosaic is not asked. */
export async function readStreamStatus(
  relay: DeployedRelay,
  stream: DeployedStream,
  sources: { readonly schedules: Schedules; readonly health: Health },
): Promise<StreamStatus> {
  const state = stateOf(relay, stream);
  const place = { client: relay.clients.s3, bucket: relay.bucket, streamName: stream.name };
  const journal = createS3Journal(place);
  const quarantine = createS3Quarantine(place);
  const looked = { sought: `the state of stream ${stream.label}`, where: relay.place };
  return explainingFailure(looked, async () => {
    const [meta, open, quarantined, schedule] = await Promise.all([
      state.meta.readMeta(),
      state.openRuns.listOpen(),
      quarantine.quarantined(),
      sources.schedules.read(stream),
    ]);
    const owed = await readOwed(open, journal);
    const now = relay.now();
    return {
      name: stream.name,
      label: stream.label,
      id: stream.id,
      type: stream.type,
      schedule,
      lastRun: meta?.lastEnd,
      lastEventAt: meta?.lastEnd?.newestEventAt,
      lagMs: lagOf(meta, now),
      lease: meta?.lease,
      openRuns: open.length,
      oldestUndeliveredMs: owed.oldest === undefined ? 0 : now - owed.oldest,
      quarantined: quarantined.objects,
      destinations: await sources.health.of(stream, owed.batches),
      owedToRemoved: owedToRemoved(stream, owed.batches),
      retiring: (meta?.retiring ?? []).map(({ streamId, emptySince }) => ({ streamId, emptySince })),
    };
  });
}

function owedToRemoved(
  { destinations }: DeployedStream,
  owed: ReadonlyMap<string, number>,
): Readonly<Record<string, number>> {
  const present = new Set(destinations.map(({ name }) => name));
  return Object.fromEntries([...owed].filter(([name]) => !present.has(name)));
}

function lagOf(meta: Meta | undefined, now: number): number | undefined {
  const end = meta?.lastEnd;
  if (end === undefined) return undefined;
  if (leftNothing(end.outcome)) return 0;
  return end.newestEventAt === undefined ? undefined : Math.max(0, now - end.newestEventAt);
}

/** Reads the debt of open runs: the start of the oldest, and the number of batches that each destination lacks. */
async function readOwed(
  open: readonly OpenRun[],
  journal: Journal,
): Promise<{ readonly oldest?: number; readonly batches: ReadonlyMap<string, number> }> {
  const batches = new Map<string, number>();
  let oldest: number | undefined;
  for (const run of open) {
    const last = (await journal.numbers(run)).at(-1) ?? 0;
    for (const [destination, done] of Object.entries(run.done)) {
      if (done >= last) continue;
      batches.set(destination, (batches.get(destination) ?? 0) + last - done);
      oldest = Math.min(oldest ?? run.startedAt, run.startedAt);
    }
  }
  return { oldest, batches };
}
