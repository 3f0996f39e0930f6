import type { DestinationHealth } from '../status/destination-health.ts';
import { plural } from '../text.ts';
import type { Checked, Finding } from './check.ts';
import { probeGcs } from './probes/gcs.ts';
import { probeHttpEndpoint } from './probes/http-endpoint.ts';
import { probeOpenSearch } from './probes/open-search.ts';
import { aboutDestination, type ProbeContext, readMember } from './probes/probe.ts';
import { probeBucket } from './probes/s3.ts';
import { probeSentinel } from './probes/sentinel.ts';
import { probeSplunk } from './probes/splunk.ts';
import type { Target } from './targets.ts';

/** Probes one destination, and adds what the metrics of Firehose and of the copier say about it. */
export async function checkDestination(
  stream: string,
  { target, health }: { readonly target: Target; readonly health?: DestinationHealth },
  context: ProbeContext,
): Promise<readonly Finding[]> {
  const check = aboutDestination(stream, target.name);
  const probed = await probe(target, context, check);
  return health === undefined ? probed : [...probed, ...delivery(health, stream, check)];
}

async function probe(target: Target, context: ProbeContext, check: Checked): Promise<readonly Finding[]> {
  switch (target.protocol) {
    case 'splunk-hec':
      return probeSplunk(target, context, check);
    case 'firehose-http':
      return probeHttpEndpoint(target, context, check);
    case 's3-bucket':
      return probeBucket(target, context, check);
    case 'google-storage':
      return probeGcs(target, context, check);
    case 'azure-logs':
      return probeSentinel(target, context, check);
    case 'open-search':
      return probeOpenSearch(target, context, check);
    case 'unprobed': {
      const { secret, why } = target;
      const skipped = check.skipped(why);
      if (secret === undefined) return [skipped];
      const key = await readMember(secret, context, check);
      return typeof key === 'string'
        ? [check.ok(`secret ${secret.secretId} has ${secret.member}`), skipped]
        : [key];
    }
  }
}

/** Judges a destination by the deliveries of the last hour. */
function delivery(health: DestinationHealth, stream: string, check: Checked): readonly Finding[] {
  const { deliverySuccess, deadLetters = 0, copiesRefused = 0 } = health;
  const found: Finding[] = [];
  if (deliverySuccess !== undefined && deliverySuccess < 1) {
    const share = `${Math.round(deliverySuccess * 100)}%`;
    found.push(
      check.failed(
        `of the last deliveries ${share} succeeded`,
        `see its log group /mosaic-siem-relay/…/${health.name}, then docs/runbook.md`,
      ),
    );
  }
  if (copiesRefused > 0)
    found.push(
      check.failed(
        `${plural(copiesRefused, 'copy was', 'copies were')} refused in the last hour: the copier's role is not let in`,
        "see the copier's log, and docs/gcs.md or docs/sentinel.md",
      ),
    );
  if (deadLetters > 0)
    found.push(
      check.failed(
        `${plural(deadLetters, 'object lies', 'objects lie')} in its dead-letter queue`,
        `npx relay replay --stream ${stream} --source queues, once the cause is removed`,
      ),
    );
  return found;
}
