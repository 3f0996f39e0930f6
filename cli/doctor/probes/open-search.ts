import { readFileSync } from 'node:fs';
import { STSClient } from '@aws-sdk/client-sts';
import { emptyBodyHash, signedHeaders } from '../../../functions/aws-signature.ts';
import type { Receiver } from '../../../infra/destinations/receiver.ts';
import { shippedFile } from '../../access/shipped-file.ts';
import type { Checked, Finding } from '../check.ts';
import { isAnswer, type ProbeContext, reach } from './probe.ts';

type OpenSearchTarget = Extract<Receiver, { readonly protocol: 'open-search' }>;

/** Asks a domain or collection for the relay's index template, without which it refuses events for ever. */
export async function probeOpenSearch(
  target: OpenSearchTarget,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  const url = target.url ?? (await endpointOf(target.domain, context, check));
  if (typeof url === 'object') return [url];
  const service = target.domain === undefined ? 'aoss' : 'es';
  const answer = await get(`${url}${path}`, service, context, check);
  if (!isAnswer(answer)) return [answer];
  const ofPlain = judged(answer, { target, host: new URL(url).host }, check);
  if (answer.status !== 200) return [ofPlain];
  return [ofPlain, ...(await probeEcs(url, service, context, check))];
}

/** Asks for the pipeline where there is a template that names it: without it OpenSearch refuses every document. */
async function probeEcs(
  url: string,
  service: string,
  context: ProbeContext,
  check: Checked,
): Promise<readonly Finding[]> {
  const template = await get(`${url}${path}-ecs`, service, context, check);
  if (!isAnswer(template) || template.status !== 200) return [];
  const answer = await get(`${url}${pipelinePath}`, service, context, check);
  if (!isAnswer(answer)) return [answer];
  const thing = `${pipelinePath} of ${new URL(url).host}`;
  const right = `put version ${shippedPipeline.version} of ${pipelineFile} there, as docs/opensearch.md says`;
  if (answer.status === 404)
    return [check.failed(`${thing} is missing, and ${path}-ecs names it: every document is refused`, right)];
  if (answer.status !== 200) return [check.warning(`${thing} cannot be read (${answer.status})`, right)];
  const version = pipelineVersion(answer.text);
  return version !== undefined && version >= shippedPipeline.version
    ? [check.ok(`${thing} has version ${version}`)]
    : [
        check.warning(
          `${thing} has version ${version ?? '(none)'}, older than ${shippedPipeline.version}`,
          right,
        ),
      ];
}

function pipelineVersion(text: string): number | undefined {
  try {
    return (JSON.parse(text) as Readonly<Record<string, { readonly version?: number }>>)['mosaic-relay']
      ?.version;
  } catch {
    return undefined;
  }
}

const pipelinePath = '/_ingest/pipeline/mosaic-relay';
const pipelineFile = 'content/opensearch/ingest-pipeline.json';
const shippedPipeline = JSON.parse(readFileSync(shippedFile(pipelineFile), 'utf8')) as {
  readonly version: number;
};

const path = '/_index_template/mosaic-relay';
const file = 'content/opensearch/index-template.json';
const shipped = JSON.parse(readFileSync(shippedFile(file), 'utf8')) as {
  readonly version: number;
};

function judged(
  { status, text }: { readonly status: number; readonly text: string },
  { target, host }: { readonly target: OpenSearchTarget; readonly host: string },
  check: Checked,
): Finding {
  const thing = `${path} of ${host}`;
  const right = `put version ${shipped.version} of ${file} there before the first delivery, as docs/opensearch.md says`;
  if (status === 404) return check.failed(`${thing} is missing`, right);
  if (status === 401 || status === 403)
    return check.warning(
      `${thing} is not for these credentials to see (${status})`,
      `look whether it is there, with version ${shipped.version}, as docs/opensearch.md says`,
    );
  if (status !== 200)
    return check.warning(`${thing} cannot be read (${status})`, 'ask again in some minutes');
  const { version, index_patterns: patterns } = templateIn(text);
  if (version === undefined || version < shipped.version)
    return check.failed(`${thing} has version ${version ?? '(none)'}, older than ${shipped.version}`, right);
  if (!patterns.some((pattern) => covers(pattern, target.index)))
    return check.failed(
      `index_patterns of ${thing} is ${JSON.stringify(patterns)}, which leaves index ${target.index} out`,
      `put ${JSON.stringify([target.index.replace(/-2026$/, '*')])} there, and the template again`,
    );
  return check.ok(`${thing} has version ${version}, and covers index ${target.index}`);
}

interface Template {
  readonly version?: number;
  readonly index_patterns: readonly string[];
}

function templateIn(text: string): Template {
  try {
    const { index_templates: found } = JSON.parse(text) as {
      readonly index_templates: readonly { readonly index_template: Partial<Template> }[];
    };
    return { index_patterns: [], ...found[0]?.index_template };
  } catch {
    return { index_patterns: [] };
  }
}

function covers(pattern: string, index: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[^a-z0-9]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(index);
}

/** Only AWS knows the endpoint of a domain. @see https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html */
async function endpointOf(
  arn: string | undefined,
  context: ProbeContext,
  check: Checked,
): Promise<string | Finding> {
  const [, , , region, , resource = ''] = (arn ?? '').split(':');
  const name = resource.replace('domain/', '');
  const base = context.connection.endpoint ?? `https://es.${region}.amazonaws.com`;
  const answer = await get(`${base}/2021-01-01/opensearch/domain/${name}`, 'es', context, check);
  if (!isAnswer(answer)) return answer;
  const { status, text } = answer;
  if (status === 403)
    return check.warning(
      `these credentials may not describe domain ${name}`,
      'ask with some that have es:DescribeDomain, or look for the index template as docs/opensearch.md says',
    );
  if (status !== 200)
    return check.failed(
      `there is no domain ${name} in ${region} (${status})`,
      'create it, or correct domain in the settings',
    );
  const { Endpoint, Endpoints } = statusIn(text);
  if (Endpoint !== undefined) return `https://${Endpoint}`;
  return check.skipped(
    Endpoints === undefined
      ? `domain ${name} has no endpoint yet`
      : `domain ${name} can be reached from its VPC alone: look for the index template as docs/opensearch.md says`,
  );
}

interface DomainStatus {
  readonly Endpoint?: string;
  readonly Endpoints?: Readonly<Record<string, string>>;
}

function statusIn(text: string): DomainStatus {
  try {
    return (JSON.parse(text) as { readonly DomainStatus?: DomainStatus }).DomainStatus ?? {};
  } catch {
    return {};
  }
}

async function get(url: string, service: string, { connection, now }: ProbeContext, check: Checked) {
  // The SDK's own search for credentials, which any of its clients makes.
  const sts = new STSClient(connection);
  try {
    const credentials = await sts.config.credentials();
    const signing = { service, region: connection.region, credentials, now: now() };
    const headers = signedHeaders(
      { method: 'GET', url: new URL(url), headers: { 'x-amz-content-sha256': emptyBodyHash } },
      signing,
    );
    return await reach({ method: 'GET', url, headers }, check, { mostText: 1_000_000 });
  } finally {
    sts.destroy();
  }
}
