import type { Meta } from '../../functions/stored/meta-item.ts';
import { leftNothing } from '../../functions/stored/run-item.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { stateOf } from '../access/open-relay.ts';
import { sumUnknown } from '../drift/sum-unknown.ts';
import { createMarks } from '../replay/marks.ts';
import type { Schedules } from '../schedules/stream-schedule.ts';
import type { KnownObjects } from '../waiting/count-objects.ts';
import type { Deliveries, DeliveryFacts } from '../waiting/delivery-facts.ts';
import { dayMs, reckonStream, type StreamReckoning } from '../waiting/reckon.ts';
import type { RedAlarms } from '../waiting/red-alarms.ts';
import { verdictOnDestination, worstOf } from '../waiting/verdict.ts';
import { judgeCollecting } from './judge-collecting.ts';
import { nextForDestination } from './next-command.ts';
import type { DestinationStatus, StreamStatus } from './stream-status.ts';

/** All that a stream's status is read from. */
export interface StatusSources {
  readonly schedules: Schedules;
  readonly deliveries: Deliveries;
  /** Undefined where CloudWatch does not let these credentials read. */
  readonly alarms: RedAlarms | undefined;
  /** Kept from one reading to the next. */
  readonly known: KnownObjects;
  /** The flags that name the relay, for commands to type. */
  readonly address: string;
}

/** Reads one stream's state. Nothing is changed, and Mosaic is not asked. */
export async function readStreamStatus(
  relay: DeployedRelay,
  stream: DeployedStream,
  sources: StatusSources,
): Promise<StreamStatus> {
  const state = stateOf(relay, stream);
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const looked = { sought: `the state of stream ${stream.label}`, where: relay.place };
  return explainingFailure(looked, async () => {
    const now = relay.now();
    const [meta, open, records, schedule, facts] = await Promise.all([
      state.meta.readMeta(),
      state.openRuns.listOpen(),
      // A sweep may have delivered yesterday's run an hour ago.
      state.records.listRecords({ from: now - 2 * dayMs, to: now + 60_000 }),
      sources.schedules.read(stream),
      sources.deliveries.of(stream),
    ]);
    const reckoned = await reckonStream({
      streamName: stream.name,
      destinations: stream.destinations.map(({ name }) => name),
      bucket,
      marks: createMarks(bucket, stream.name, () => relay.now()),
      known: sources.known,
      open,
      records,
      facts,
      now,
    });
    const destinations = stream.destinations.map((destination) =>
      statusOf(destination, { stream, reckoned, facts, sources, now }),
    );
    const alarms = sources.alarms?.ofStream(stream.name);
    const collectingFacts = {
      schedule,
      lastRun: meta?.lastEnd,
      lagMs: lagOf(meta, now),
      quarantinedOfNobody: reckoned.quarantined.ofNobody,
      owedToRemoved: reckoned.removed,
      alarms,
    };
    const collecting = judgeCollecting(stream, collectingFacts, { now, address: sources.address });
    const unknown = sumUnknown(records.filter(({ startedAt }) => startedAt >= now - dayMs));
    return {
      name: stream.name,
      label: stream.label,
      id: stream.id,
      type: stream.type,
      verdict: worstOf([collecting.verdict, ...destinations.map(({ verdict }) => verdict)]),
      collecting,
      schedule,
      lastRun: meta?.lastEnd,
      lastEventAt: meta?.lastEnd?.newestEventAt,
      lagMs: lagOf(meta, now),
      lease: meta?.lease,
      openRuns: open.length,
      oldestUndeliveredMs: reckoned.undeliveredSince === undefined ? 0 : now - reckoned.undeliveredSince,
      quarantined: reckoned.quarantined,
      ...(alarms === undefined ? {} : { alarms }),
      destinations,
      owedToRemoved: Object.fromEntries(reckoned.removed),
      ...(unknown === undefined ? {} : { unknown }),
      retiring: (meta?.retiring ?? []).map(({ streamId, emptySince }) => ({ streamId, emptySince })),
    };
  });
}

function statusOf(
  { name, kind }: DeployedStream['destinations'][number],
  { stream, reckoned, facts, sources, now }: Reckoned,
): DestinationStatus {
  const reckoning = reckoned.destinations.get(name)!;
  const known = facts.get(name)!;
  const alarms = sources.alarms?.ofDestination(stream.name, name);
  const verdict = verdictOnDestination(reckoning, known, { alarms, now });
  const { deliverySuccess, copiesRefused, queued, deadLetters } = known;
  const next = nextForDestination(verdict, name, reckoning, {
    stream: stream.label,
    address: sources.address,
  });
  return {
    name,
    kind,
    verdict,
    ...reckoning,
    ...(deliverySuccess === undefined ? {} : { deliverySuccess }),
    copiesRefused,
    queued,
    deadLetters,
    alarms: alarms ?? [],
    ...(next === undefined ? {} : { next }),
  };
}

interface Reckoned {
  readonly stream: DeployedStream;
  readonly reckoned: StreamReckoning;
  readonly facts: ReadonlyMap<string, DeliveryFacts>;
  readonly sources: StatusSources;
  readonly now: number;
}

function lagOf(meta: Meta | undefined, now: number): number | undefined {
  const end = meta?.lastEnd;
  if (end === undefined) return undefined;
  if (leftNothing(end.outcome)) return 0;
  return end.newestEventAt === undefined ? undefined : Math.max(0, now - end.newestEventAt);
}
