import { describe, expect, test } from 'vitest';
import { readStages } from '../../infra/config/read-stages.ts';
import { arnSettings } from '../../infra/destinations/destination-kind.ts';
import { type DestinationSettings, destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { checkTemplate } from './check-template.ts';
import { resourcesOf, stageOf, stageSettings, type Template, templateOf } from './synthesized.ts';

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem-AbCdEf';
const provider =
  '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

const sumo = 'https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log';

/** One valid destination of each kind, with only what it must say. */
const valid: { readonly [Kind in keyof typeof destinationKinds]: DestinationSettings & { kind: Kind } } = {
  s3: { kind: 's3' },
  splunk: { kind: 'splunk', endpoint: 'https://hec.example.com:8088', secret },
  gcs: { kind: 'gcs', bucket: 'mosaic-events', provider },
  datadog: { kind: 'datadog', site: 'eu', secret },
  newRelic: { kind: 'newRelic', site: 'us', secret },
  dynatrace: { kind: 'dynatrace', environment: 'https://abc12345.live.dynatrace.com', secret },
  sumoLogic: {
    kind: 'sumoLogic',
    endpoint: sumo,
    secret,
  },
  elastic: { kind: 'elastic', endpoint: 'https://my-cluster.es.eu-west-1.aws.elastic-cloud.com', secret },
  http: { kind: 'http', url: 'https://siem.example.com/firehose', secret },
  openSearch: {
    kind: 'openSearch',
    domain: 'arn:aws:es:eu-west-1:111122223333:domain/events',
    index: 'mosaic',
  },
  sentinel: {
    kind: 'sentinel',
    endpoint: 'https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com',
    rule: `dcr-${'0'.repeat(32)}`,
    table: 'Custom-MosaicEvents_CL',
    secret,
  },
};

test.each(Object.values(valid))(
  'the ARNs of $kind are checked also where another setting is refused',
  (settings) => {
    const { secrets, places = [] } = destinationKinds[settings.kind].parse(settings);
    const paths = [...secrets, ...places].map(({ path }) => path);

    expect(paths.filter((path) => !(arnSettings as readonly string[]).includes(path))).toEqual([]);
  },
);

function trustedRoleOf({ Outputs }: Template): string | undefined {
  const found = Object.entries(Outputs).find(([id]) => id.includes('TrustedRole'));
  return (found?.[1] as { readonly Description: string } | undefined)?.Description;
}

function templateWith(destination: DestinationSettings): Template {
  return templateOf(
    stageOf(
      stageSettings({
        region: 'eu-west-1',
        streams: [{ id: 'one', type: 'cis', destinations: [destination] }],
      }),
    ),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a template's properties are looked at by path
function deliveryOf(template: Template): any {
  const [stream] = resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream');
  const [[, configuration] = []] = Object.entries(stream?.[1].Properties ?? {}).filter(([name]) =>
    name.endsWith('DestinationConfiguration'),
  );
  return configuration;
}

function problemsOf(destination: object): readonly string[] {
  const read = readStages({
    test: {
      ...stageSettings({ region: 'eu-west-1' }),
      streams: [{ id: 'one', type: 'cis', destinations: [destination] }],
    },
  });
  return 'problems' in read
    ? read.problems.map((line) => line.replace(/^stages\.test\.streams\[0\]\./, ''))
    : [];
}

describe.each(Object.entries(valid))('%s', (_kind, destination) => {
  const template = templateWith(destination);

  test('makes one delivery stream with a role of its own, logged and without a finding', () => {
    expect(resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream')).toHaveLength(1);
    expect(deliveryOf(template).CloudWatchLoggingOptions.Enabled).toBe(true);
    expect(deliveryOf(template).RoleARN ?? deliveryOf(template).S3Configuration.RoleARN).toBeDefined();
  });

  test("is what CloudFormation's schemas allow; a finding of the rule pack would have failed its synth", () => {
    expect(checkTemplate(template)).toEqual([]);
  });

  test('keeps what was refused in a folder of its own', () => {
    const { ErrorOutputPrefix } = deliveryOf(template).S3Configuration ?? deliveryOf(template);
    expect(ErrorOutputPrefix).toMatch(/^backup\/one\/[A-Za-z0-9]+\/!\{firehose:error-output-type\}\//);
  });

  test('has no wildcard in any role but at the end of its own folders', () => {
    const statements = resourcesOf(template, 'AWS::IAM::Role')
      .flatMap(([, { Properties }]) => Properties.Policies)
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    for (const { Action, Resource } of statements) {
      // The stream lifecycle reads why kept delivery streams fail, in log groups of the stage: stack-invariants.test.ts.
      if (JSON.stringify(Action).includes('logs:FilterLogEvents')) continue;
      const own = new RegExp(`/(backup|delivered)/one/${destination.kind}/\\*"`, 'g');
      expect(JSON.stringify([Action, Resource]).replaceAll(own, '"')).not.toContain('*');
    }
  });

  test.skipIf(!('secret' in destination))("reads a secret under the customer's own key", () => {
    const secretKey = 'arn:aws:kms:eu-west-1:111122223333:key/own';
    const withKey = templateWith({ ...destination, secretKey } as DestinationSettings);
    const statements = resourcesOf(withKey, 'AWS::IAM::Role')
      .flatMap(([, { Properties }]) => Properties.Policies)
      .filter(({ PolicyDocument }) => JSON.stringify(PolicyDocument).includes(secret))
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    // CloudFormation reads Sumo Logic's, whose token is part of its URL.
    if (destination.kind !== 'sumoLogic')
      expect(statements).toContainEqual({
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: secretKey,
        Condition: {
          StringEquals: {
            'kms:ViaService': {
              'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']],
            },
          },
        },
      });
    const elsewhere = { ...destination, secretKey: secretKey.replace('eu-west-1', 'eu-west-3') };
    expect(problemsOf(elsewhere)).toEqual([
      `destinations '${destination.kind}'.secretKey: is in eu-west-3, and the stage in eu-west-1; give one in eu-west-1`,
    ]);
  });

  test('refuses an option that it does not have', () => {
    const [problem, ...others] = problemsOf({ ...destination, paking: 'lines', nme: 'a', zzzzz: 1 });
    const refused = `is no setting of '${destination.kind}'`;
    const packing = destination.kind === 'http' ? "; did you mean 'packing'?" : '';
    expect([problem, others.toSorted()]).toEqual([
      `destinations[0].paking: ${refused}${packing}`,
      [`destinations[0].nme: ${refused}; did you mean 'name'?`, `destinations[0].zzzzz: ${refused}`],
    ]);
  });
});

const collectorOf = (destination: DestinationSettings) =>
  stageOf(stageSettings({ streams: [{ id: 'one', type: 'cis', destinations: [destination] }] })).streams[0]
    ?.destinations[0]?.collector;

describe('the collector writes', () => {
  test.each(['s3', 'gcs', 'splunk', 'sentinel'] as const)('many lines a record for %s', (kind) => {
    expect(collectorOf(valid[kind])?.packing).toBe('lines');
  });

  test.each(['datadog', 'newRelic', 'dynatrace', 'sumoLogic', 'elastic', 'openSearch', 'http'] as const)(
    'one event a record for %s',
    (kind) => {
      expect(collectorOf(valid[kind])?.packing).toBe('single');
    },
  );

  test('the envelope that Splunk takes, with the options that are set', () => {
    expect(collectorOf({ ...valid.splunk, index: 'mosaic' })).toEqual({
      format: 'splunk-envelope',
      formatOptions: { index: 'mosaic' },
      packing: 'lines',
    });
  });
});

describe('s3', () => {
  test('is partitioned by type, day and hour', () => {
    expect(deliveryOf(templateWith(valid.s3)).Prefix).toBe(
      'delivered/one/s3/type=cis/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/',
    );
  });

  test("writes to somebody else's bucket, and says which role that must let in", () => {
    const template = templateWith({ kind: 's3', bucket: 'security-lake', prefix: 'mosaic' });
    expect(JSON.stringify(deliveryOf(template).BucketARN)).toContain(':s3:::security-lake');
    expect(deliveryOf(template).Prefix).toMatch(/^mosaic\/type=cis\//);
    expect(trustedRoleOf(template)).toMatch(
      /: it goes into the bucket's policy where it is another account's$/,
    );
  });

  test('says of gcs that Google names the beginning of a role, and of sentinel names no role', () => {
    expect(trustedRoleOf(templateWith(valid.gcs))).toMatch(/; Google's trust names its beginning alone/);
    expect(trustedRoleOf(templateWith(valid.sentinel))).toBeUndefined();
  });

  test("may write its folder of somebody else's bucket, and nothing else there", () => {
    const template = templateWith({ kind: 's3', bucket: 'security-lake', prefix: 'mosaic' });
    const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
    const statements = roles
      .flatMap(({ Properties }) => Properties.Policies ?? [])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter((statement) => JSON.stringify(statement.Resource).includes('security-lake'));
    const arn = (rest: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::security-lake${rest}`]],
    });
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['s3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        Resource: arn(''),
      },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectAcl'],
        Resource: arn('/mosaic/*'),
      },
    ]);
  });
});

describe.each(['s3', 'gcs', 'sentinel'] as const)('%s', (kind) => {
  const settingsOf = (change: object) => ({ ...valid[kind], ...change }) as DestinationSettings;

  test('gets records that are gzip members, which Firehose does not compress again', () => {
    expect(collectorOf(valid[kind])).toMatchObject({ packing: 'lines', compressRecords: true });
    expect(deliveryOf(templateWith(valid[kind]))).toMatchObject({
      CompressionFormat: 'UNCOMPRESSED',
      FileExtension: '.ndjson.gz',
    });
  });

  test('has its objects compressed by Firehose, under the same names, where the settings say so', () => {
    const asBefore = settingsOf({ compressRecords: false });
    expect(collectorOf(asBefore)).not.toHaveProperty('compressRecords');
    expect(deliveryOf(templateWith(asBefore))).toMatchObject({
      CompressionFormat: 'GZIP',
      FileExtension: '.ndjson.gz',
    });
  });
});

test('a Sentinel buffer may be larger where Firehose compresses, since an object then holds no more than that', () => {
  expect(problemsOf({ ...valid.sentinel, bufferMiB: 64, compressRecords: false })).toEqual([]);
});

describe('gcs and sentinel', () => {
  const template = templateWith(valid.gcs);

  test('are told of each object through a queue that only the bucket and the stream lifecycle may send to', () => {
    const [[, bucket] = []] = resourcesOf(template, 'AWS::S3::Bucket').filter(
      ([, { Properties }]) => Properties.NotificationConfiguration !== undefined,
    );
    expect(bucket?.Properties.NotificationConfiguration.QueueConfigurations).toMatchObject([
      {
        Event: 's3:ObjectCreated:*',
        Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'delivered/one/gcs/' }] } },
      },
    ]);
    const sends = resourcesOf(template, 'AWS::SQS::QueuePolicy')
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    const bySid = (sid: string) => sends.filter(({ Sid }) => Sid === sid);
    expect(bySid('LifecycleWatches').map(({ Principal }) => Object.keys(Principal))).toEqual([
      ['AWS'],
      ['AWS'],
    ]);
    expect(sends).toHaveLength(3);
    const [told] = bySid('BucketTells');
    expect(Object.keys(told.Condition)).toEqual(['StringEquals', 'ArnEquals']);
  });

  test('leave objects that expire once they are copied, also when no destination of the settings copies any more', () => {
    const rules = [template, templateWith(valid.s3)].map((each) => {
      const buckets = resourcesOf(each, 'AWS::S3::Bucket').map(([, { Properties }]) => Properties);
      return buckets.flatMap(({ LifecycleConfiguration: { Rules = [] } = {} }) =>
        Rules.filter(({ Id }: { readonly Id: string }) => Id === 'copied'),
      );
    });
    const rule = {
      Id: 'copied',
      Prefix: 'delivered/',
      TagFilters: [{ Key: 'RelayCopied', Value: 'true' }],
      ExpirationInDays: 30,
      Status: 'Enabled',
    };
    expect(rules).toEqual([[rule], [rule]]);
  });

  test('are copied with partial failures, and a message stays hidden six times as long as a copy may take', () => {
    const [source] = resourcesOf(template, 'AWS::Lambda::EventSourceMapping');
    expect(source?.[1].Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    const [queue] = resourcesOf(template, 'AWS::SQS::Queue').filter(
      ([, { Properties }]) => Properties.RedrivePolicy,
    );
    const [copier] = resourcesOf(template, 'AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.Environment.Variables.SINK !== undefined,
    );
    expect(queue?.[1].Properties.VisibilityTimeout).toBe(6 * copier?.[1].Properties.Timeout);
  });

  test("have a role of whose name Google's identity pool can be told the beginning beforehand", () => {
    const beginnings = resourcesOf(template, 'AWS::IAM::Role').map(
      ([, { Properties }]) => Properties.RoleName?.['Fn::Join']?.[1][0],
    );
    expect(beginnings).toContain('mosaic-relay-test-one-gcs-');
  });
});

test('a Sumo Logic token is in the template only as a reference', () => {
  expect(deliveryOf(templateWith(valid.sumoLogic)).EndpointConfiguration.Url).toBe(
    `https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log/{{resolve:secretsmanager:${secret}:SecretString:token}}`,
  );
});

test('a domain rotates its index and a collection does not', () => {
  expect(deliveryOf(templateWith(valid.openSearch)).IndexRotationPeriod).toBe('OneDay');
  const serverless = templateWith({
    kind: 'openSearch',
    collection: 'arn:aws:aoss:eu-west-1:111122223333:collection/abcdefghij0123456789',
    collectionEndpoint: 'https://abcdefghij0123456789.eu-west-1.aoss.amazonaws.com',
    index: 'mosaic',
  });
  expect(deliveryOf(serverless)).not.toHaveProperty('IndexRotationPeriod');
});

describe('refused, each with its path', () => {
  test.each<readonly [string, object, string]>([
    [
      'a Splunk URL with a path',
      { ...valid.splunk, endpoint: 'https://hec.example.com/services/collector' },
      'endpoint',
    ],
    ['http without TLS', { ...valid.http, url: 'http://siem.example.com' }, 'url'],
    ['another port than 443', { ...valid.http, url: 'https://siem.example.com:8443' }, 'url'],
    ['a Splunk buffer above 5 MiB', { ...valid.splunk, bufferMiB: 6 }, 'bufferMiB'],
    ['a Splunk interval above 60 s', { ...valid.splunk, bufferSeconds: 61 }, 'bufferSeconds'],
    ['an HTTP buffer above 64 MiB', { ...valid.http, bufferMiB: 65 }, 'bufferMiB'],
    ['an OpenSearch buffer above 100 MiB', { ...valid.openSearch, bufferMiB: 101 }, 'bufferMiB'],
    ['an acknowledgement after 10 minutes', { ...valid.splunk, ackTimeoutSeconds: 601 }, 'ackTimeoutSeconds'],
    ['retries beyond two hours', { ...valid.datadog, retrySeconds: 7201 }, 'retrySeconds'],
    ['an unknown site', { ...valid.datadog, site: 'mars' }, 'site'],
    ['packing for one document a record', { ...valid.openSearch, packing: 'lines' }, 'packing'],
    ['a secret by name', { ...valid.datadog, secret: 'siem/datadog' }, 'secret'],
    [
      'a domain beside a collection',
      {
        ...valid.openSearch,
        collection: 'arn:aws:aoss:eu-west-1:111122223333:collection/abc',
        collectionEndpoint: 'https://abc.eu-west-1.aoss.amazonaws.com',
      },
      'collection',
    ],
    ['an attribute outside ASCII', { ...valid.http, attributes: { team: 'Zürich' } }, 'attributes'],
    ['a tag whose name is outside ASCII', { ...valid.datadog, tags: { größe: 'x' } }, 'tags'],
    [
      'more attributes than 50',
      { ...valid.http, attributes: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`a${n}`, 'x'])) },
      'attributes',
    ],
    ['HEC without TLS', { ...valid.splunk, endpoint: 'http://hec.example.com' }, 'endpoint'],
    ['packing for Datadog', { ...valid.datadog, packing: 'lines' }, 'packing'],
    ['gzip members for Splunk', { ...valid.splunk, compressRecords: true }, 'compressRecords'],
    ['a line format for S3', { ...valid.s3, format: 'splunk-envelope' }, 'format'],
    ['a backup of everything for S3', { ...valid.s3, backup: 'everything' }, 'backup'],
    ['an unknown backup mode', { ...valid.http, backup: 'AllData' }, 'backup'],
    ['an unknown region of New Relic', { ...valid.newRelic, site: 'ap' }, 'site'],
    ['an S3 buffer above 128 MiB', { ...valid.s3, bufferMiB: 129 }, 'bufferMiB'],
    ['a GCS provider without its project', { ...valid.gcs, provider: 'aws-relay' }, 'provider'],
    [
      'a Sentinel buffer of compressed records above 16 MiB',
      { ...valid.sentinel, bufferMiB: 17 },
      'bufferMiB',
    ],
    ['a Sentinel table that is not custom', { ...valid.sentinel, table: 'Syslog' }, 'table'],
    ['a Sumo Logic URL with its token', { ...valid.sumoLogic, endpoint: `${sumo}/ZaVnC4dhaV0` }, 'endpoint'],
  ])('%s', (_, destination, setting) => {
    const problems = problemsOf(destination);
    expect(problems.map((line) => line.slice(0, line.indexOf(': ')))).toEqual([`destinations[0].${setting}`]);
    const value = (destination as Readonly<Record<string, unknown>>)[setting];
    if (typeof value === 'object' || /is no setting of|stands beside/.test(problems[0]!)) return;
    expect(problems[0]).toMatch(/; give /);
    // The value that was given, shortened, and what would be right.
    expect(problems[0]).toContain(String(value).slice(0, 60));
  });

  test.each<readonly [string, object, string]>([
    [
      'a bucket in another partition',
      { kind: 's3', bucket: 'arn:aws-cn:s3:::events' },
      "destinations 's3'.bucket: is in the partition aws-cn, and eu-west-1 in aws; give one in aws",
    ],
    [
      "a bucket's key in another region",
      {
        kind: 's3',
        bucket: 'events',
        bucketKey: 'arn:aws:kms:eu-west-2:111122223333:key/12345678-0000-4000-8000-000000000000',
      },
      "destinations 's3'.bucketKey: is in eu-west-2, and the stage in eu-west-1; give one in eu-west-1",
    ],
    [
      'a domain in another region',
      { ...valid.openSearch, domain: 'arn:aws:es:us-east-1:111122223333:domain/events' },
      "destinations 'openSearch'.domain: is in us-east-1, and the stage in eu-west-1; give one in eu-west-1",
    ],
  ])('%s', (_, destination, problem) => {
    expect(problemsOf(destination)).toEqual([problem]);
  });

  test('a secret in another region', () => {
    expect(problemsOf({ ...valid.datadog, secret: secret.replace('eu-west-1', 'us-east-1') })).toEqual([
      "destinations 'datadog'.secret: is in us-east-1, and the stage in eu-west-1; give one in eu-west-1",
    ]);
  });
});

describe("each receiver's clock", () => {
  const clockOf = (kind: keyof typeof valid, more: object = {}) =>
    destinationKinds[kind].parse({ ...valid[kind], ...more });
  const kinds = Object.keys(valid) as (keyof typeof valid)[];
  const hour = 3_600;

  test.each<readonly [keyof typeof valid, object, string]>([
    ['dynatrace', { past: 24 * hour, otherwise: 'refuses-request' }, 'hold'],
    ['newRelic', { past: 48 * hour, otherwise: 'drops' }, 'send'],
    ['datadog', { past: 18 * hour, future: 2 * hour, otherwise: 'drops' }, 'send'],
    ['sentinel', { past: 48 * hour, otherwise: 're-dates' }, 'send'],
    ['sumoLogic', { past: 365 * 24 * hour, otherwise: 're-dates' }, 'send'],
  ])(
    '%s takes what its vendor documents, and the collector the buffer and the retries less',
    (kind, clock, late) => {
      const retries = kind === 'sentinel' ? {} : { retrySeconds: 600 };
      const { collector, clock: stated } = clockOf(kind, { bufferSeconds: 120, ...retries });

      expect(stated).toEqual({
        ...clock,
        source: expect.stringMatching(/./),
        read: expect.stringMatching(/^2026-/),
      });
      const underWay = kind === 'sentinel' ? 120 : 720;
      expect(collector.ages).toEqual({ ...clock, underWay, hold: late === 'hold' });
      const holds = ['hold', 'send'].map((each) => clockOf(kind, { late: each }).collector.ages?.hold);
      expect(holds).toEqual([true, false]);
    },
  );

  test('of a kind without a known limit the collector is told none, and `late` is refused', () => {
    const free = kinds.filter((kind) => clockOf(kind).clock.otherwise === 'none-known');

    expect(free).toEqual(['s3', 'splunk', 'gcs', 'elastic', 'http', 'openSearch']);
    for (const kind of free) {
      expect(clockOf(kind).collector.ages).toBeUndefined();
      expect(problemsOf({ ...valid[kind], late: 'hold' })).toEqual([expect.stringContaining('late')]);
    }
  });
});
