import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { type DestinationSettings, destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { readDeliveredLine } from '../../local/run/delivered-line.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';
import { shapeOf } from './settings-of-kind.ts';
import { stageSettings } from './synthesized.ts';

/** `s3` and `splunk` are in change-every-setting.long.test.ts. */
type Kind = Exclude<keyof typeof destinationKinds, 's3' | 'splunk'>;

interface Case {
  readonly before: DestinationSettings;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Settings that the receivers here know by the first template. */
  readonly address: readonly string[];
}

const account = '123456789012';
const region = 'us-east-1';
const secretOf = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const secretKey = `arn:aws:kms:${region}:${account}:key/siem`;

const quota = { quotaMiBPerSecond: 2 };
const buffer = { bufferMiB: 2, bufferSeconds: 10 };
/** Longer than Firehose is kept from delivering: what it gives up is for `relay replay`. */
const backup = { retrySeconds: 7200, backup: 'everything' };
const http = { ...quota, ...buffer, ...backup, secretKey };
const copied = { ...quota, ...buffer, compressRecords: false };

const cases: Readonly<Record<Kind, Case>> = {
  gcs: {
    before: {
      kind: 'gcs',
      bucket: 'acme-events',
      provider:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme/providers/acme-aws',
    },
    changes: copied,
    address: ['bucket', 'provider'],
  },
  sentinel: {
    before: {
      kind: 'sentinel',
      endpoint: 'https://acme-x1y2.westeurope-1.ingest.monitor.azure.com',
      rule: `dcr-${'0'.repeat(32)}`,
      table: 'Custom-MosaicEvents_CL',
      secret: secretOf('azure'),
    },
    changes: { ...copied, late: 'hold', secretKey },
    address: ['endpoint', 'rule', 'table', 'secret'],
  },
  datadog: {
    before: { kind: 'datadog', site: 'us3', secret: secretOf('datadog') },
    changes: { ...http, late: 'hold' },
    address: ['site', 'secret', 'gzip', 'tags'],
  },
  newRelic: {
    before: { kind: 'newRelic', site: 'eu', secret: secretOf('new-relic') },
    changes: { ...http, late: 'hold' },
    address: ['site', 'secret', 'gzip', 'attributes'],
  },
  dynatrace: {
    before: {
      kind: 'dynatrace',
      environment: 'https://acme.live.dynatrace.com',
      secret: secretOf('dynatrace'),
    },
    changes: { ...http, late: 'send' },
    address: ['environment', 'secret', 'gzip'],
  },
  sumoLogic: {
    before: {
      kind: 'sumoLogic',
      endpoint: 'https://acme.collection.eu.sumologic.com/receiver/v1/kinesis/log',
      secret: secretOf('sumo'),
    },
    changes: { ...http, late: 'hold' },
    address: ['endpoint', 'secret', 'gzip'],
  },
  elastic: {
    before: {
      kind: 'elastic',
      endpoint: 'https://acme.es.eu-west-1.aws.elastic-cloud.com',
      secret: secretOf('elastic'),
    },
    changes: http,
    address: ['endpoint', 'dataStream', 'secret', 'gzip'],
  },
  http: {
    before: {
      kind: 'http',
      url: 'https://siem.acme.test/firehose',
      packing: 'single',
      secret: secretOf('http'),
    },
    changes: http,
    address: ['url', 'packing', 'secret', 'gzip', 'attributes'],
  },
  openSearch: {
    before: { kind: 'openSearch', domain: `arn:aws:es:${region}:${account}:domain/acme`, index: 'mosaic' },
    changes: { ...quota, ...buffer, ...backup, rotate: 'hour' },
    address: ['domain', 'collection', 'collectionEndpoint', 'index'],
  },
};
const kinds = Object.keys(cases) as Kind[];

test.each(kinds)('every setting of %s is changed, or known to the receiver by the first template', (kind) => {
  const { changes, address } = cases[kind];
  // Another name, or another kind, is another destination: kept-delivery.test.ts.
  // A view or a shape changes lines and not what is delivered of them: views.test.ts.
  const known = shapeOf(destinationKinds[kind]);
  const ofLines = ['view', 'shape', 'rawData'].filter((name) => known.includes(name));
  const named = ['kind', 'name', ...ofLines, ...Object.keys(changes), ...address];
  expect(named.toSorted()).toEqual(known.toSorted());
});

describe('every setting of every kind that is changed while events are undelivered', () => {
  let stack: LocalDeployment;
  const hold = { puts: false };
  let generated = 0;
  // A stream has eight destinations at most.
  const streams = [kinds.slice(0, 5), kinds.slice(5)];
  const settings = (of: (one: Case) => object) => ({
    account,
    region,
    streams: streams.map((some, index) => ({
      name: `cis-${index}`,
      id: `relay-cis-${index}`,
      type: 'cis' as const,
      destinations: some.map((kind) => of(cases[kind])) as StreamSettings['destinations'],
    })),
  });

  beforeAll(async () => {
    stack = await deployLocally({
      settings: stageSettings(settings(({ before }) => before)),
      gateway: {
        interfere: ({ service, operation }) =>
          hold.puts && service === 'firehose' && operation === 'PutRecordBatch' ? notNow : undefined,
      },
    });
    stack.world.startSchedules();
  }, 240_000);
  afterAll(() => stack?.close());

  test('leaves them to be delivered', async () => {
    await withhold();
    await stack.update(settings(({ before, changes }) => ({ ...before, ...changes })));
    hold.puts = false;
    setDown(false);
    await passMinutes(40);
    expect(await lacking()).toEqual(Object.fromEntries(kinds.map((kind) => [kind, 0])));
    expect(stack.world.denials).toEqual([]);
  }, 540_000);

  /** Leaves events in the delivery streams, which cannot deliver, and more in the journal alone. */
  async function withhold(): Promise<void> {
    const { clock, world } = stack;
    setDown(true);
    raise(30);
    const isFull = (name: string) => world.firehose.stats(name).records > 0;
    const taken = () => world.firehose.names.every(isFull);
    if (!(await clock.runUntil(taken, clock.now() + 3_600_000))) throw new Error('nothing was put');
    hold.puts = true;
    raise(30);
    await passMinutes(12);
  }

  function raise(count: number): void {
    stack.simulator.generate('cis', count);
    generated += count;
  }

  async function passMinutes(minutes: number): Promise<void> {
    const until = stack.clock.now() + minutes * 60_000;
    await stack.clock.runUntil(() => stack.clock.now() > until, Number.POSITIVE_INFINITY);
  }

  function setDown(down: boolean): void {
    for (const kind of kinds) receiverOf(kind).faults.down = down;
  }

  function receiverOf(kind: Kind) {
    const index = streams.findIndex((some) => some.includes(kind));
    return stack.receivers.of(`cis-${index}`, kind)!.receiver;
  }

  /** Events that a destination has not got, of all that were raised. */
  async function lacking(): Promise<Readonly<Record<string, number>>> {
    const counts: Record<string, number> = {};
    for (const kind of kinds) {
      const ids = new Set<string>();
      await receiverOf(kind).eachLine((line) => {
        const id = readDeliveredLine(line)?.id;
        if (id !== undefined) ids.add(id);
      });
      counts[kind] = generated - ids.size;
    }
    return counts;
  }
});

/** Ends a queue at once, where throttling would keep it for the whole of a run. */
const notNow = {
  skipEffect: true,
  outcome: { status: 400, code: 'AccessDeniedException', message: 'Not now.' },
} as const;
