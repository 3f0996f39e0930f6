import { randomUUID } from 'node:crypto';
import type { Receiver } from '../../../infra/destinations/receiver.ts';
import type { Checked, Finding } from '../check.ts';
import { isAnswer, type ProbeContext, reach, readMember } from './probe.ts';

type HttpTarget = Extract<Receiver, { readonly protocol: 'firehose-http' }>;

/**
 * Makes a call of Firehose's protocol without records, which no endpoint stores. The answer shows whether the
 * address is right and the key is accepted. A URL may hold a token, so messages name the host alone.
 */
export async function probeHttpEndpoint(
  { url, secretId }: HttpTarget,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  const key =
    secretId === undefined ? undefined : await readMember({ secretId, member: 'api_key' }, context, check);
  if (typeof key === 'object') return [key];
  const requestId = randomUUID();
  const { host } = new URL(url);
  const answer = await reach(
    {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        'x-amz-firehose-protocol-version': '1.0',
        'x-amz-firehose-request-id': requestId,
        'x-amz-firehose-source-arn': `arn:aws:firehose:${context.connection.region}:${context.account ?? '000000000000'}:deliverystream/relay-doctor`,
        ...(key === undefined ? {} : { 'x-amz-firehose-access-key': key }),
      },
      body: JSON.stringify({ requestId, timestamp: Math.round(context.now()), records: [] }),
    },
    check,
  );
  if (!isAnswer(answer)) return [answer];
  const { status } = answer;
  if (status === 401 || status === 403) {
    return [
      check.failed(
        `${host} refuses the key (${status})`,
        'put a key of this endpoint into the secret as api_key',
      ),
    ];
  }
  if (status === 404 || status === 405)
    return [
      check.failed(`${host} has nothing at this path (${status})`, 'correct the address in the settings'),
    ];
  if (status >= 300 && status < 400)
    return [
      check.failed(
        `${host} answers with a redirect, which Firehose does not follow`,
        'give the address that it leads to',
      ),
    ];
  if (status >= 500)
    return [
      check.warning(`${host} is there, and answered ${status}`, 'see its own log; Firehose tries again'),
    ];
  const why = status === 200 ? '' : `: it answered ${status} to a call without records`;
  return [check.ok(`${host} is there and does not refuse the key${why}`)];
}
