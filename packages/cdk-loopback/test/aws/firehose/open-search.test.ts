import { type OpenSearch, startOpenSearch } from '@mosaic-relay/siem-receivers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { indexName } from '../../../aws/firehose/destinations/open-search-index.ts';
import { startAt } from '../../../aws/local-aws.ts';
import {
  backupBucket,
  type DeliveryBench,
  deliveryRole,
  startDeliveryBench,
  stream,
} from './delivery-bench.ts';

const domain = 'arn:aws:es:us-east-1:123456789012:domain/security';
const names = ['https://search.example.com', domain];
const kinds = {
  managed: ['AmazonopensearchserviceDestinationConfiguration', 'ClusterEndpoint'],
  serverless: ['AmazonOpenSearchServerlessDestinationConfiguration', 'CollectionEndpoint'],
} as const;

describe.each(['managed', 'serverless'] as const)('%s', (kind) => {
  let bench: DeliveryBench;
  let search: OpenSearch;

  beforeEach(async () => {
    bench = await startDeliveryBench(kinds[kind][0], {
      hostOf: (origin) => (names.includes(origin) ? search.url : 'none'),
    });
    search = await startOpenSearch({
      clock: bench.aws.clock,
      kind,
      mayWrite: (accessKeyId) => bench.aws.identities.roleOf(accessKeyId) === deliveryRole,
    });
  });
  afterEach(() => Promise.all([bench.aws.close(), search.close()]));

  const properties = (more: object = {}) => ({
    [kinds[kind][1]]: 'https://search.example.com',
    IndexName: 'mosaic-cis',
    RoleARN: deliveryRole,
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    RetryOptions: { DurationInSeconds: 300 },
    S3BackupMode: 'FailedDocumentsOnly',
    S3Configuration: backupBucket,
    ...more,
  });
  const documents = () => [...search.documents()].map(({ index, bytes }) => `${index} ${bytes}`);

  test('each record becomes a document of the index of its time', async () => {
    bench.create(properties());
    await bench.put('{"n":1}', '{"n":2}');
    await bench.settle();

    const index = kind === 'managed' ? 'mosaic-cis-2026-03-01' : 'mosaic-cis';
    expect(search.refusals).toEqual([]);
    expect(documents()).toEqual([`${index} {"n":1}`, `${index} {"n":2}`]);
    expect(bench.aws.firehose.stats(stream).deliveredRecords).toBe(2);
  });

  test('a document that its mapping refuses is kept at once, and the others are delivered', async () => {
    search.faults.failDocument = (document) =>
      String(document) === '{"n":1}' ? { status: 400, type: 'mapper_parsing_exception' } : undefined;
    bench.create(properties());
    await bench.put('{"n":1}', '{"n":2}');
    await bench.settle();

    const [object] = await bench.backup();
    const prefix = kind === 'managed' ? 'es' : 'os';
    expect(documents()).toHaveLength(1);
    expect(object!.lines).toMatchObject([
      {
        attemptsMade: 1,
        errorCode: '400',
        rawData: Buffer.from('{"n":1}').toString('base64'),
        [`${prefix}IndexName`]: expect.stringMatching(/^mosaic-cis/),
        [`${prefix}DocumentId`]: expect.any(String),
      },
    ]);
    expect(bench.aws.firehose.stats(stream)).toMatchObject({ deliveredRecords: 1, backedUpRecords: 1 });
  });

  test('a document that is refused for load is tried again alone', async () => {
    let refusals = 3;
    search.faults.failDocument = (document) => {
      if (String(document) !== '{"n":1}' || refusals === 0) return undefined;
      refusals -= 1;
      return { status: 429, type: 'es_rejected_execution_exception' };
    };
    bench.create(properties());
    await bench.put('{"n":1}', '{"n":2}');
    await bench.settle();

    expect(documents()).toHaveLength(2);
    expect([...search.documents()].every(({ version }) => version === 1)).toBe(true);
  });

  test('an outage past the retry duration leaves every document in the backup', async () => {
    search.faults.refuse = { status: 503 };
    bench.create(properties());
    await bench.put('{"n":1}', '{"n":2}');
    await bench.settle();

    const [object] = await bench.backup();
    expect(object!.key).toMatch(
      kind === 'managed'
        ? /^errors\/AmazonOpenSearchService-failed\//
        : /^errors\/AmazonOpenSearchServerless-failed\//,
    );
    expect(object!.lines).toHaveLength(2);
    expect(bench.aws.firehose.stats(stream).backedUpRecords).toBe(2);
  });

  test('a domain may be named by its ARN', async () => {
    const named = { ClusterEndpoint: undefined, DomainARN: domain };
    if (kind === 'serverless') return expect(() => bench.create(properties(named))).toThrow(/DomainARN/);
    bench.create(properties(named));
    await bench.put('{"n":1}');
    await bench.settle();

    expect(documents()).toHaveLength(1);
    return undefined;
  });

  test('an endpoint with a path is refused at creation', () => {
    expect(() => bench.create(properties({ [kinds[kind][1]]: 'https://search.example.com/x' }))).toThrow(
      /Endpoint/,
    );
  });

  test('a lost answer makes a second document only where Firehose keeps no ids', async () => {
    search.faults.dropAnswers = 1;
    bench.create(properties());
    await bench.put('{"n":1}');
    await bench.settle();

    expect([...search.documents()].map(({ version }) => version)).toEqual(kind === 'managed' ? [2] : [1, 1]);
  });
});

test.each([
  ['NoRotation', 'i'],
  ['OneHour', 'i-2026-03-01-09'],
  ['OneDay', 'i-2026-03-01'],
  ['OneWeek', 'i-2026-w09'],
  ['OneMonth', 'i-2026-03'],
] as const)('an index with %s is named for its time', (rotation, name) => {
  expect(indexName('i', rotation, startAt)).toBe(name);
});

test('a week belongs to the year of its Thursday', () => {
  expect(indexName('i', 'OneWeek', Date.UTC(2027, 0, 1))).toBe('i-2026-w53');
});
