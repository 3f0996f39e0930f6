import { randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../../../functions/object-copier/sinks/http-call.ts';
import type { Receiver } from '../../../infra/destinations/receiver.ts';
import type { Checked, Finding } from '../check.ts';
import { isAnswer, type ProbeContext, reach, readMember } from './probe.ts';

type SplunkTarget = Extract<Receiver, { readonly protocol: 'splunk-hec' }>;

/**
 * Checks the HTTP Event Collector's health, its token, indexer acknowledgement and the index.
 *
 * The probe for acknowledgement is the poll that Firehose sends, with an id that no request has.
 * @see https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector for the codes
 */
export async function probeSplunk(
  target: SplunkTarget,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  const token = await readMember({ secretId: target.secretId, member: 'hec_token' }, context, check);
  if (typeof token !== 'string') return [token];
  const health = await reach({ method: 'GET', url: url(target, 'health'), headers: {} }, check);
  if (!isAnswer(health)) return [health];
  if (health.status === 503) {
    return [check.warning('the collector is up and its queues are full', 'see the indexers behind it')];
  }
  const poll = await reach(
    { method: 'POST', url: url(target, 'ack'), headers: headersOf(token), body: '{"acks":[0]}' },
    check,
  );
  if (!isAnswer(poll)) return [poll];
  const refused = refusal(poll, check);
  if (refused !== undefined) return [refused];
  const taken = check.ok(`${new URL(target.endpoint).host} takes the token, with indexer acknowledgement`);
  return target.index === undefined ? [taken] : [taken, await probeIndex(target, token, context, check)];
}

function url({ endpoint }: SplunkTarget, what: string): string {
  return `${endpoint}/services/collector/${what}`;
}

function headersOf(token: string): Record<string, string> {
  return {
    authorization: `Splunk ${token}`,
    'x-splunk-request-channel': randomUUID(),
    'content-type': 'application/json',
  };
}

function refusal(answer: HttpAnswer, check: Checked): Finding | undefined {
  const code = codeOf(answer);
  if (code === undefined) {
    return check.failed(
      `what answers there is no HTTP Event Collector (${answer.status})`,
      'give the collector, host and port alone, not the web interface: Firehose adds the path',
    );
  }
  if (code === 14) {
    return check.failed(
      'the token has no indexer acknowledgement, and Firehose delivers to no such token',
      'in Splunk, HEC tokens: enable indexer acknowledgement for it',
    );
  }
  if (code === 1) return check.failed('the token is disabled', 'in Splunk, HEC tokens: enable it');
  if ([2, 3, 4].includes(code)) {
    return check.failed(
      'the token is refused',
      'put the token of this collector into the secret as hec_token',
    );
  }
  if (answer.status === 200) return undefined;
  return check.warning(
    `the collector answered code ${code} to a poll`,
    "see Splunk's own log of the collector",
  );
}

/** Sends a blank event, which Splunk refuses whatever the index; some versions look at the index first. */
async function probeIndex(
  target: SplunkTarget,
  token: string,
  { mayWrite, now }: ProbeContext,
  check: Checked,
): Promise<Finding> {
  const { index } = target;
  const post = (event: unknown) => {
    const body = JSON.stringify({ time: now() / 1_000, index, sourcetype: 'mosaic:doctor', event });
    return reach({ method: 'POST', url: url(target, 'event'), headers: headersOf(token), body }, check);
  };
  const blank = await post('');
  const answer = mayWrite && isAnswer(blank) && codeOf(blank) === 13 ? await post(testEvent) : blank;
  if (!isAnswer(answer)) return answer;
  const code = codeOf(answer);
  if (code === 7) {
    return check.failed(
      `the token may not write to index ${index}`,
      'in Splunk, HEC tokens: allow the index; or correct index in the settings',
    );
  }
  if (code === 0) return check.ok(`index ${index} took a test event`);
  if (code === 13) {
    return check.skipped(
      `whether the token may write to index ${index} shows by an event alone; --send sends a marked one`,
    );
  }
  return check.warning(
    `index ${index}: the collector answered code ${code}`,
    "see Splunk's own log of the collector",
  );
}

const testEvent = { message: 'relay doctor: a test event, to be ignored', _relay: { test: true } };

function codeOf({ text }: HttpAnswer): number | undefined {
  try {
    const { code, acks } = JSON.parse(text) as { code?: unknown; acks?: unknown };
    // A poll that was answered carries no code.
    return typeof code === 'number' ? code : acks === undefined ? undefined : 0;
  } catch {
    return undefined;
  }
}
