import { waitingText } from '../status/show-status.ts';
import type { DestinationStatus } from '../status/stream-status.ts';
import { ageText, plural } from '../text.ts';
import { isSome } from '../waiting/amount.ts';
import { isTrouble } from '../waiting/verdict.ts';
import type { Checked, Finding } from './check.ts';
import { probeGcs } from './probes/gcs.ts';
import { probeHttpEndpoint } from './probes/http-endpoint.ts';
import { probeOpenSearch } from './probes/open-search.ts';
import { aboutDestination, type ProbeContext, readMember } from './probes/probe.ts';
import { probeBucket } from './probes/s3.ts';
import { probeSentinel } from './probes/sentinel.ts';
import { probeSplunk } from './probes/splunk.ts';
import type { Target } from './targets.ts';

/** Probes one destination, and adds what the relay's status says about it. */
export async function checkDestination(
  stream: string,
  { target, status }: { readonly target: Target; readonly status?: DestinationStatus },
  context: ProbeContext,
): Promise<readonly Finding[]> {
  const check = aboutDestination(stream, target.name);
  const probed = await probe(target, context, check);
  return status === undefined
    ? probed
    : [
        ...probed,
        ...delivery(status, target, check),
        ...waiting(status, { target, check, now: context.now() }),
      ];
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
function delivery(
  { deliverySuccess, copiesRefused }: DestinationStatus,
  { logGroup }: Target,
  check: Checked,
): readonly Finding[] {
  const log = logGroup === undefined ? 'see its log' : `see log group ${logGroup}`;
  const found: Finding[] = [];
  if (deliverySuccess !== undefined && deliverySuccess < 1) {
    const share = `${Math.round(deliverySuccess * 100)}%`;
    found.push(check.failed(`of the last deliveries ${share} succeeded`, `${log}, then docs/runbook.md`));
  }
  if (copiesRefused > 0)
    found.push(
      check.failed(
        `${plural(copiesRefused, 'copy was', 'copies were')} refused in the last hour: the copier's role is not let in`,
        `${log}, and docs/gcs.md or docs/sentinel.md`,
      ),
    );
  return found;
}

/** Events that a receiver has not got are a failure as soon as they wait for somebody, or for longer than they should. */
function waiting(
  status: DestinationStatus,
  { target, check, now }: { readonly target: Target; readonly check: Checked; readonly now: number },
): readonly Finding[] {
  const { verdict, oldestAt } = status;
  if (!isSome(status.waiting)) return [];
  const age = oldestAt === undefined ? '' : `; the oldest for ${ageText(now - oldestAt)}`;
  const says = `its receiver has not got ${waitingText(status)}${age}`;
  if (!isTrouble(verdict) || verdict === 'unknown') return [check.ok(says)];
  if (verdict === 'waiting for you' && status.next !== undefined) return [check.failed(says, status.next)];
  return [
    check.failed(
      says,
      verdict === 'behind'
        ? 'they go on by themselves once it accepts them: see the findings above'
        : `remove the cause first${target.logGroup === undefined ? '' : `: log group ${target.logGroup}`}`,
    ),
  ];
}
