import { entraSecret } from '../../../functions/object-copier/contract.ts';
import { entraTokens } from '../../../functions/object-copier/sinks/entra-tokens.ts';
import type { Receiver } from '../../../infra/destinations/receiver.ts';
import type { Checked, Finding } from '../check.ts';
import { isAnswer, type ProbeContext, reach, readMember } from './probe.ts';

type SentinelTarget = Extract<Receiver, { readonly protocol: 'azure-logs' }>;

/** Asks Entra for a token, and calls the data collection rule without rows. */
export async function probeSentinel(
  target: SentinelTarget,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  const { secretId } = target;
  const [tenant_id, client_id, client_secret] = await Promise.all(
    (['tenant_id', 'client_id', 'client_secret'] as const).map((member) =>
      readMember({ secretId, member }, context, check),
    ),
  );
  const parsed = entraSecret.safeParse({ tenant_id, client_id, client_secret });
  if (!parsed.success) {
    const wrong = [tenant_id, client_id, client_secret].find((each) => typeof each === 'object');
    return wrong === undefined ? [] : [wrong];
  }
  const secret = parsed.data;
  const tokens = entraTokens(
    { url: target.entraUrl, audience: target.audience },
    async () => ({ kind: 'secret', secret }),
    context,
  );
  const got = await tokens.token(AbortSignal.timeout(10_000));
  if (got.kind !== 'token') {
    const says = got.message.replace(/ The message waits\.$/, '').replace(/\.$/, '');
    return [check.failed(says, `put a valid secret of the application into ${secretId}`)];
  }
  const { rule, table } = target;
  const answer = await reach(
    {
      method: 'POST',
      url: `${target.url}/dataCollectionRules/${rule}/streams/${table}?api-version=2023-01-01`,
      headers: { authorization: `Bearer ${got.token}`, 'content-type': 'application/json' },
      body: '[]',
    },
    check,
  );
  if (!isAnswer(answer)) return [answer];
  const { status } = answer;
  if (status === 403) {
    const remedy =
      'give the application the role Monitoring Metrics Publisher on the rule, and wait half an hour';
    return [check.failed('the application may not send to the rule', remedy)];
  }
  if (status === 404)
    return [
      check.failed(`the endpoint has no rule ${rule}`, "give the rule's immutable id, and its own endpoint"),
    ];
  if (status === 400 && /InvalidStream/.test(answer.text))
    return [check.failed(`the rule has no stream ${table}`, 'correct table in the settings')];
  if (status >= 500) return [check.warning(`the endpoint answered ${status}`, 'ask again in some minutes')];
  return [check.ok(`Entra gives a token, and the rule takes it (${status})`)];
}
