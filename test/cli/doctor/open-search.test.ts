import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startOpenSearch } from '@mosaic-relay/siem-receivers';
import { expect, onTestFinished, test } from 'vitest';
import { checkDestination } from '../../../cli/doctor/destination-checks.ts';
import type { Target } from '../../../cli/doctor/targets.ts';

const shipped = readFileSync(
  new URL('../../../content/opensearch/index-template.json', import.meta.url),
  'utf8',
);
const template = JSON.parse(shipped);
const region = 'eu-west-1';
const credentials = { accessKeyId: 'ASIAOPERATOR', secretAccessKey: 'secret', sessionToken: 'session' };
const domain = `arn:aws:es:${region}:111122223333:domain/events`;

/** The lines that doctor prints of a destination. */
async function check(target: Target, endpoint?: string): Promise<readonly string[]> {
  const connection = { region, credentials, endpoint };
  const findings = await checkDestination('cis', { target }, { connection, mayWrite: false, now: Date.now });
  return findings.map(({ verdict, says, remedy = '' }) => `${verdict}: ${says} → ${remedy}`);
}

async function collection(mayRead = true) {
  const search = await startOpenSearch({ clock: Date, kind: 'serverless', mayWrite: () => mayRead });
  onTestFinished(() => search.close());
  const target = { name: 'openSearch', protocol: 'open-search', url: search.url, index: 'mosaic' } as const;
  return { search, target, host: new URL(search.url).host };
}

test('a collection that has the index template of this version is well', async () => {
  const { search, target, host } = await collection();
  search.putTemplate('mosaic-relay', template);

  expect(await check(target)).toEqual([
    `ok: /_index_template/mosaic-relay of ${host} has version 2, and covers index mosaic → `,
  ]);
});

// Doctor tells an old template by its version alone.
test('a changed index template has a version of its own', () => {
  const known: Readonly<Record<number, string>> = { 1: 'd8dfadcf5778464d', 2: 'd2aca2e8d9e1d2cb' };

  expect(createHash('sha256').update(shipped).digest('hex').slice(0, 16)).toBe(known[template.version]);
});

test('a missing index template is one line with its path and what is right', async () => {
  const { target, host } = await collection();

  expect(await check(target)).toEqual([
    `failed: /_index_template/mosaic-relay of ${host} is missing → put version 2 of content/opensearch/index-template.json there before the first delivery, as docs/opensearch.md says`,
  ]);
});

test.each([
  [1, '1'],
  [undefined, '(none)'],
])('an index template of version %s is older, and so is one without', async (version, shown) => {
  const { search, target } = await collection();
  search.putTemplate('mosaic-relay', { ...template, version });

  const [line, ...others] = await check(target);

  expect(others).toEqual([]);
  expect(line).toContain(`failed: /_index_template/mosaic-relay of`);
  expect(line).toContain(`has version ${shown}, older than 2 → put version 2 of`);
});

test('a newer index template is well', async () => {
  const { search, target } = await collection();
  search.putTemplate('mosaic-relay', { ...template, version: 2 });

  expect(await check(target)).toEqual([expect.stringMatching(/^ok: .* has version 2/)]);
});

test('an index template that leaves the index out is found', async () => {
  const { search, target } = await collection();
  search.putTemplate('mosaic-relay', template);

  expect(await check({ ...target, index: 'events-2026' })).toEqual([
    expect.stringMatching(
      /^failed: index_patterns of .* is \["mosaic\*"\], which leaves index events-2026 out → put \["events\*"\] there/,
    ),
  ]);
});

test('credentials that may not read the index template are told so, and it is not called missing', async () => {
  const { target } = await collection(false);

  expect(await check(target)).toEqual([
    expect.stringMatching(
      /^warning: .* is not for these credentials to see \(403\) → look .* with version 2/,
    ),
  ]);
});

test.each<[string, object | undefined, RegExp]>([
  ['is well', { version: 2 }, /^ok: \/_ingest\/pipeline\/mosaic-relay of .* has version 2/],
  ['is missing', undefined, /^failed: .* is missing, and .*-ecs names it: every document is refused → put/],
  ['is old', { version: 1 }, /^warning: .* has version 1, older than 2 → put version 2 of content/],
])('a pipeline that a template names %s', async (_, pipeline, line) => {
  const answers: Readonly<Record<string, object | undefined>> = {
    '/_index_template/mosaic-relay': { index_templates: [{ index_template: template }] },
    '/_index_template/mosaic-relay-ecs': { index_templates: [{}] },
    '/_ingest/pipeline/mosaic-relay': pipeline && { 'mosaic-relay': pipeline },
  };
  const service = createServer((request, response) => {
    const answer = answers[request.url!];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void service.close());
  await new Promise((resolve) => service.once('listening', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;

  expect(await check({ name: 'openSearch', protocol: 'open-search', url, index: 'mosaic' })).toEqual([
    expect.stringMatching(/^ok: \/_index_template/),
    expect.stringMatching(line),
  ]);
});

test.each<[string, number, object, RegExp]>([
  ['is asked at its own endpoint', 200, { Endpoint: '127.0.0.1:9' }, /^failed: GET 127\.0\.0\.1:9 failed/],
  [
    'of a VPC is left open',
    200,
    { Endpoints: { vpc: 'x' } },
    /^skipped: .* can be reached from its VPC alone/,
  ],
  ['that is being made is left open', 200, {}, /^skipped: domain events has no endpoint yet/],
  ['that is not there is found', 409, {}, /^failed: there is no domain events in eu-west-1 \(409\)/],
  [
    'that may not be described is a warning',
    403,
    {},
    /^warning: .* → ask with some that have es:DescribeDomain/,
  ],
])('a domain %s', async (_, status, DomainStatus, line) => {
  const asked: string[] = [];
  const service = createServer((request, response) => {
    asked.push(
      `${request.method} ${request.url} ${/\/es\/aws4_request/.exec(request.headers.authorization!)}`,
    );
    response.writeHead(status).end(JSON.stringify({ DomainStatus }));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void service.close());
  await new Promise((resolve) => service.once('listening', resolve));
  const { port } = service.address() as AddressInfo;
  const target = { name: 'openSearch', protocol: 'open-search', domain, index: 'mosaic-2026' } as const;

  expect(await check(target, `http://127.0.0.1:${port}`)).toEqual([expect.stringMatching(line)]);
  expect(asked).toEqual(['GET /2021-01-01/opensearch/domain/events /es/aws4_request']);
});
