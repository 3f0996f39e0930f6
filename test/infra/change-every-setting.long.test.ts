import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StageSettings, stageFields } from '../../infra/config/settings.ts';
import { type StreamSettings, streamFields } from '../../infra/config/stream-settings.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import type { S3Settings } from '../../infra/destinations/s3.ts';
import type { SplunkSettings } from '../../infra/destinations/splunk.ts';
import { createBucketReader } from '../../local/run/bucket-reader.ts';
import { readDeliveredLine } from '../../local/run/delivered-line.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';
import { shapeOf } from './settings-of-kind.ts';
import { stageSettings } from './synthesized.ts';

const account = '123456789012';
const region = 'us-east-1';
const secretOf = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCdEf`;
const keyOf = (name: string) => `arn:aws:kms:${region}:${account}:key/${name}`;

const s3: S3Settings = { kind: 's3', bufferSeconds: 300 };
const splunk: SplunkSettings = {
  kind: 'splunk',
  endpoint: 'https://splunk.acme.test:8088',
  secret: secretOf('splunk'),
};
const cis: StreamSettings = { name: 'cis', id: 'relay-cis', type: 'cis', destinations: [s3, splunk] };
const base: StageSettings = stageSettings({
  account,
  region,
  encryption: 'customer-managed',
  streams: [cis],
});

/** Settings that are changed together: none of them can hide what another does. `undefined` takes a setting out. */
interface Step {
  readonly stage?: { readonly [Key in keyof StageSettings]?: StageSettings[Key] | undefined };
  readonly stream?: { readonly [Key in keyof StreamSettings]?: StreamSettings[Key] | undefined };
  readonly s3?: Omit<Partial<S3Settings>, 'kind'>;
  readonly splunk?: Omit<Partial<SplunkSettings>, 'kind'>;
}

/** Settings whose change is tried elsewhere, or has nothing to try. */
const elsewhere: Readonly<Record<'stage' | 'stream' | 's3' | 'splunk', Readonly<Record<string, string>>>> = {
  stage: {
    resource:
      "is a member of the token's request, which Mosaic's contract tests hold; no destination is told of it",
    views: 'change what a destination sees of an event, and not what is delivered: views.test.ts',
    streams: 'is what the other steps change; a removed stream is in deploy-sequence.test.ts',
  },
  stream: {
    pollWithin: 'lets a run wait in real time here; it changes no delivery',
  },
  s3: {
    view: 'as the views of a stage',
    shape: 'as the views of a stage',
    rawData: 'as the views of a stage',
    kind: 'makes another destination: kept-delivery.test.ts',
    name: 'makes another destination: kept-delivery.test.ts',
    bucket: 'is a bucket of somebody else, whose policy no template here has',
    bucketKey: 'is of that bucket',
    prefix: 'is of that bucket',
  },
  splunk: {
    view: 'as the views of a stage',
    shape: 'as the views of a stage',
    rawData: 'as the views of a stage',
    kind: 'makes another destination: kept-delivery.test.ts',
    name: 'makes another destination: kept-delivery.test.ts',
    endpoint: 'is another receiver: receivers here are those of the first template',
    secret: 'is a token of another receiver',
    index: 'is an index that the token of the first template does not allow here',
  },
};

/** An archive would lie where copies are deleted. */
const google: StreamSettings['destinations'] = [
  {
    kind: 'gcs',
    name: 's3',
    bucket: 'acme-events',
    provider:
      '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/acme-pool/providers/acme-aws',
  },
  splunk,
];

/** Each must be refused, with the reason, and leave everything as it was. */
const refused: readonly (Step & { readonly because: RegExp })[] = [
  {
    stream: { type: 'risk' },
    because: /cis carries cis and cannot become risk: its journal would mix the two/,
  },
  { stream: { destinations: google }, because: /the archive .* in delivered\/cis\/s3\/: .*another name/ },
  { stream: { retention: 5 }, because: /Mosaic cannot change the retention of the stream relay-cis/ },
  { stream: { enrichment: true }, because: /Mosaic cannot change the enrichment of the stream relay-cis/ },
  {
    stage: { environment: 'https://other.acme.test' },
    because: /Mosaic at https:\/\/api\.sbx\S+ has the stream relay-cis of cis, and what it still holds there/,
  },
];

/** The same, as long as events are undelivered. */
const refusedWhileUndelivered: typeof refused = [
  {
    stream: { name: 'sign-ins' },
    because: /-c undelivered=leave.*leaves the settings.*: cis \(\d+ runs?.*was: 'cis'/,
  },
];

/** A secret of the first region would be refused at synth. */
const withS3Alone: StageSettings = { ...base, streams: [{ ...cis, destinations: [s3] }] };

/** Each makes another stack, which must be refused what the first one reads. */
const otherStacks: readonly Step[] = [
  { stage: { region: 'eu-west-1' } },
  { stage: { account: '444455556666' } },
];

/** After each, everything that was undelivered before it must be delivered. Changes stay for the steps after them. */
const delivered: readonly Step[] = [
  {
    stage: {
      secretKey: keyOf('mosaic'),
      apiVersion: 'v2',
      tags: { team: 'soc' },
      journalDays: 7,
      quarantineDays: 30,
      logDays: 30,
      keepData: false,
      terminationProtection: true,
      wireCapMiB: 2,
      decompressedCapMiB: 4,
      journalReaders: [`arn:aws:iam::${account}:role/reader`],
      alarms: { urgent: [{ protocol: 'email', endpoint: 'soc@acme.test' }], billedGiBPerDay: 1 },
    },
  },
  { stage: { encryption: 'aws-owned' } },
  { stage: { encryption: 'customer-managed' } },
  { stage: { secret: 'relay/renamed' } },
  {
    s3: { bufferMiB: 1, bufferSeconds: 60, compressRecords: false, quotaMiBPerSecond: 2 },
    splunk: {
      secretKey: keyOf('splunk'),
      host: 'relay',
      source: 'mosaic',
      sourcetype: 'mosaic:json',
      ackTimeoutSeconds: 200,
      bufferMiB: 2,
      bufferSeconds: 10,
      // Longer than each step keeps Splunk away: what Firehose gives up is for `relay replay`.
      retrySeconds: 7200,
      backup: 'everything',
      quotaMiBPerSecond: 2,
    },
  },
  {
    stream: {
      cron: '0/10 * ? * * *',
      timeZone: 'Europe/Berlin',
      batchSize: 100,
      timeout: '10 minutes',
      collectTimeout: '30 seconds',
      emptyAnswersToStop: 3,
      autoReopen: false,
      onRemoval: 'delete',
      adopt: true,
      reservedConcurrency: 3,
      memory: 1024,
      alarms: { undelivered: '2 hours', failing: '2 hours' },
    },
  },
  {
    stream: {
      every: '10 minutes',
      cron: undefined,
      timeZone: undefined,
      alarms: undefined,
      witness: 'recover',
      witnessEvery: '1 hour',
    },
  },
  { stream: { id: 'relay-cis-2' } },
  { stream: { name: 'sign-ins', was: 'cis' } },
  {
    stream: {
      pullUrl:
        'https://api.sbx.transmitsecurity.io/activities/v1/activities/collect?type=cis&stream_id=relay-cis-2',
      ...Object.fromEntries(
        ['id', 'autoReopen', 'onRemoval', 'adopt', 'witness', 'witnessEvery'].map((key) => [key, undefined]),
      ),
    },
  },
];

describe('every setting that is changed while events are undelivered', () => {
  let stack: LocalDeployment;
  let settings = base;
  const hold = { puts: false };
  let generated = 0;

  beforeAll(async () => {
    stack = await deployLocally({
      settings,
      simulator: { switches: ['v2'] },
      hosts: { 'https://other.acme.test': 'http://127.0.0.1:9' },
      gateway: {
        interfere: ({ service, operation }) =>
          hold.puts && service === 'firehose' && operation === 'PutRecordBatch' ? notNow : undefined,
      },
    });
    stack.world.startSchedules();
  }, 240_000);
  afterAll(() => stack?.close());

  test.each(refused.map((step) => [namesOf(step), step] as const))(
    'is refused with the reason: %s',
    async (_, step) => {
      const update = stack.update(changed(settings, step));
      await expect(update).rejects.toThrow(step.because);
    },
  );

  test.each(otherStacks.map((step) => [namesOf(step), step] as const))(
    'is another stack, which is refused the streams of the first: %s',
    async (_, step) => {
      const other = deployLocally({ settings: changed(withS3Alone, step), mosaic: stack.simulator });
      await expect(other).rejects.toThrow(/Mosaic already has a cis stream relay-cis/);
    },
  );

  test.each(refusedWhileUndelivered.map((step) => [namesOf(step), step] as const))(
    'is refused with the reason, and they are delivered: %s',
    async (_, step) => {
      await withhold();
      // A step that fails must not withhold the events of the steps after it.
      const refusal = expect(stack.update(changed(settings, step))).rejects.toThrow(step.because);
      await refusal.finally(release);
      expect(await lacking()).toEqual({ s3: 0, splunk: 0 });
    },
    240_000,
  );

  test.each(delivered.map((step) => [namesOf(step), step] as const))(
    'leaves them to be delivered: %s',
    async (_, step) => {
      await withhold();
      settings = changed(settings, step);
      await stack.update(settings).finally(release);
      expect(await lacking()).toEqual({ s3: 0, splunk: 0 });
      expect(stack.world.denials).toEqual([]);
    },
    240_000,
  );

  /** Leaves events in both delivery streams, which cannot deliver, and more in the journal alone. */
  async function withhold(): Promise<void> {
    const { clock, world, receivers } = stack;
    receivers.of('cis', 'splunk')!.receiver.faults.down = true;
    const before = world.firehose.names.map((name) => world.firehose.stats(name).records);
    await raise(30);
    const taken = () =>
      world.firehose.names.every((name, index) => world.firehose.stats(name).records > before[index]!);
    if (!(await clock.runUntil(taken, clock.now() + 3_600_000))) throw new Error('nothing was put');
    hold.puts = true;
    await raise(30);
    await passMinutes(12);
  }

  async function raise(count: number): Promise<void> {
    stack.simulator.generate('cis', count);
    generated += count;
  }

  async function release(): Promise<void> {
    hold.puts = false;
    stack.receivers.of('cis', 'splunk')!.receiver.faults.down = false;
    await passMinutes(25);
  }

  async function passMinutes(minutes: number): Promise<void> {
    const until = stack.clock.now() + minutes * 60_000;
    await stack.clock.runUntil(() => stack.clock.now() > until, Number.POSITIVE_INFINITY);
  }

  /** Events that a destination has not got, of all that were raised. */
  async function lacking(): Promise<Readonly<Record<string, number>>> {
    const inS3 = new Set<string>();
    const atSplunk = new Set<string>();
    const note = (ids: Set<string>, line: Buffer): void => {
      const id = readDeliveredLine(line)?.id;
      if (id !== undefined) ids.add(id);
    };
    for (const line of await linesInS3()) note(inS3, line);
    await stack.receivers.of('cis', 'splunk')!.receiver.eachLine((line) => note(atSplunk, line));
    return { s3: generated - inS3.size, splunk: generated - atSplunk.size };
  }

  async function linesInS3(): Promise<readonly Buffer[]> {
    const { gatewayUrl: endpoint, region: at, deployment } = stack.world;
    const credentials = stack.world.operatorCredentials();
    const reader = createBucketReader({ endpoint, region: at, credentials });
    const lines: Buffer[] = [];
    try {
      const bucket = String(deployment.outputs.BucketName);
      for await (const { key } of reader.list(bucket, 'delivered/cis/s3/')) {
        const text = gunzipSync((await reader.get(bucket, key)).body).toString('utf8');
        lines.push(
          ...text
            .split('\n')
            .filter(Boolean)
            .map((line) => Buffer.from(line)),
        );
      }
    } finally {
      reader.close();
    }
    return lines;
  }
});

/** Ends a queue at once, where throttling would keep it for the whole of a run. */
const notNow = {
  skipEffect: true,
  outcome: { status: 400, code: 'AccessDeniedException', message: 'Not now.' },
} as const;

function namesOf(step: Step): string {
  const { stage = {} } = step;
  if ('encryption' in stage) return `encryption: ${stage.encryption}`;
  return Object.entries(step)
    .filter(([of]) => of !== 'because')
    .flatMap(([of, changes]) => Object.keys(changes).map((key) => (of === 'stage' ? key : `${of}.${key}`)))
    .join(', ');
}

function changed(before: StageSettings, step: Step): StageSettings {
  const [stream = cis, ...others] = before.streams;
  const destinations = (stream.destinations ?? []).map((one) => {
    if (one.kind === 's3') return { ...one, ...step.s3 };
    return one.kind === 'splunk' ? { ...one, ...step.splunk } : one;
  });
  const streams = [without({ ...stream, destinations, ...step.stream }) as StreamSettings, ...others];
  return { ...(without({ ...before, ...step.stage }) as StageSettings), streams };
}

/** A setting counts as given where its key is there. */
function without(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

describe('the list of settings', () => {
  const steps: readonly Step[] = [...delivered, ...refused, ...refusedWhileUndelivered, ...otherStacks];
  const kinds = { s3: shapeOf(destinationKinds.s3), splunk: shapeOf(destinationKinds.splunk) };

  test.each([
    ['stage', Object.keys(stageFields)],
    ['stream', Object.keys(streamFields)],
    ['s3', kinds.s3],
    ['splunk', kinds.splunk],
  ] as const)('has a case, or a reason, for each one of a %s', (of, schema) => {
    const tried = steps.flatMap((step) => Object.keys(step[of] ?? {}));
    const all = new Set([...tried, ...Object.keys(elsewhere[of])]);
    expect([...all].toSorted()).toEqual([...schema].toSorted());
  });
});
