import { backupDestinationFolder, readBackupKey } from '../../functions/stored/backup-key.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { stateOf } from '../access/open-relay.ts';
import { limitsOf, type ReceiverLimit } from '../receiver-limit.ts';
import { dateText, durationText } from '../text.ts';
import { about, type Finding } from './check.ts';

/**
 * Warns where the schedule, or an outage that goes on, takes events past the limit of a receiver: events that wait in
 * the journal, and those that Firehose has given up.
 */
export async function checkLateness(
  relay: DeployedRelay,
  stream: DeployedStream,
): Promise<readonly Finding[]> {
  const limits = limitsOf(stream.destinations);
  const findings = limits.flatMap((limit) => bySchedule(stream, limit));
  for (const limit of limits) {
    const looked = { sought: `what waits for ${limit.destination}`, where: relay.place };
    const waiting = await explainingFailure(looked, () => byOutage(relay, stream, limit));
    const givenUp = await explainingFailure(looked, () => byGivingUp(relay, stream, limit));
    findings.push(...waiting, ...givenUp);
  }
  return findings;
}

function bySchedule({ label, settings }: DeployedStream, limit: ReceiverLimit): readonly Finding[] {
  const everyMs = settings.interval * 1_000;
  if (everyMs <= limit.withinMs) return [];
  return [
    about(`stream ${label}`).warning(
      `${durationText(everyMs)} between runs is too long for ${limit.destination}: ${limit.says}`,
      `collect at least every ${durationText(limit.withinMs)}`,
    ),
  ];
}

/** A run that works, and a sweep that is due, leave batches for less. */
const outageMs = 3_600_000;

async function byOutage(
  relay: DeployedRelay,
  stream: DeployedStream,
  { destination, withinMs, says }: ReceiverLimit,
): Promise<readonly Finding[]> {
  const open = await stateOf(relay, stream).openRuns.listOpen();
  const since = open.flatMap(({ done, lastNumber = 1, startedAt, owedSince = startedAt }) =>
    (done[destination] ?? lastNumber) < lastNumber ? [owedSince] : [],
  );
  const oldest = Math.min(...since);
  const waitedMs = relay.now() - oldest;
  if (since.length === 0 || waitedMs < outageMs) return [];
  return [
    about(`destination ${stream.label}/${destination}`).warning(
      `events have waited ${durationText(waitedMs)} for it: ${says}`,
      waitedMs < withinMs
        ? `it must take events again before ${dateText(oldest + withinMs)}: from then on the oldest are late for it`
        : `the oldest are late for it: relay replay --stream ${stream.label} --source journal --from TIME --late sends them all the same`,
    ),
  ];
}

async function byGivingUp(
  relay: DeployedRelay,
  stream: DeployedStream,
  { destination, withinMs, says }: ReceiverLimit,
): Promise<readonly Finding[]> {
  const folder = backupDestinationFolder({ streamName: stream.name, destination });
  let oldest = Number.POSITIVE_INFINITY;
  for await (const { key, modifiedAt } of createBucket(relay.clients.s3, relay.bucket).list(folder)) {
    if (readBackupKey(key)?.isCopy !== true) oldest = Math.min(oldest, modifiedAt);
  }
  if (oldest === Number.POSITIVE_INFINITY) return [];
  const ages = stream.destinations.find(({ name }) => name === destination)?.ages;
  // Firehose writes a backup after it has kept the events for its buffer and its retries.
  const until = oldest - (ages?.underWay ?? 0) * 1_000 + withinMs;
  return [
    about(`destination ${stream.label}/${destination}`).warning(
      `Firehose gave up events of it ${durationText(relay.now() - oldest)} ago: ${says}`,
      until > relay.now()
        ? `relay replay --stream ${stream.label} before ${dateText(until)}: from then on the oldest are late for it`
        : `relay replay --stream ${stream.label} leaves out what is too old; --source journal --from TIME --late sends it all the same`,
    ),
  ];
}
