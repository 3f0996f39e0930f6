/**
 * A stand-in for Amazon Data Firehose, Direct PUT, written here: limits, quota, buffers, retries and backup.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html
 */
import type { ServiceStandIn } from '../aws-call.ts';
import type { LeftResources } from '../control-plane/left-resources.ts';
import type { Credentials } from '../identities.ts';
import {
  type DeliveryStreamProperties,
  type FirehoseLogPlace,
  readDeliveryStreamProperties,
} from './delivery-stream-properties.ts';
import { directPutQuota, raisedQuota } from './direct-put-quota.ts';
import { isEmitted } from './documented-metrics.ts';
import type { FirehoseFaults } from './faults.ts';
import type { DestinationContext } from './firehose-destination.ts';
import { closeStream, type HeldStream, type StreamIdentity, sumStats } from './held-stream.ts';
import { createMetricLog, type MetricLog } from './metric-log.ts';
import { firehoseOperations, performFirehoseCall } from './operations.ts';
import type { PacingClock } from './paced.ts';
import { createSeededBytes } from './seeded-bytes.ts';
import { createSimulatedDeliveryStream, type DeliveryStreamStats } from './simulated-delivery-stream.ts';
import { performStreamOperation, streamOperations } from './stream-operations.ts';
import { createThroughput, type ThroughputQuota } from './throughput.ts';

export interface FirehoseStandIn extends ServiceStandIn {
  /** @param properties of `AWS::KinesisFirehose::DeliveryStream`, resolved. @throws naming what is not known here */
  createDeliveryStream(name: string, arn: string, properties: object): void;
  /** Changes the destination; its version counts up, and what is buffered goes out by the old one. */
  updateDeliveryStream(name: string, properties: object): void;
  /** Gives it the tags of `properties` in place of those that it has. */
  tagDeliveryStream(name: string, properties: object): void;
  /** With the data that is buffered in it. */
  deleteDeliveryStream(name: string): void;
  /** Raises, or lowers, what a delivery stream accepts, as AWS does on request. @throws when there is none of the name */
  setQuota(name: string, mebibytesPerSecond: number): void;
  /** @throws when there is none of the name */
  stats(name: string): DeliveryStreamStats;
  readonly names: readonly string[];
  /** Delivers what is buffered, as if every interval had passed. */
  flush(): void;
  readonly metrics: MetricLog;
  /** The last 1,000 log entries that Firehose would write. */
  readonly errorLog: readonly FirehoseLogEntry[];
  close(): void;
}

export interface FirehoseLogEntry {
  readonly time: number;
  readonly stream: string;
  /** The delivery stream's. */
  readonly arn: string;
  /** Of its destination, from 1. */
  readonly version: number;
  /** Where in CloudWatch Logs it stands; absent where the delivery stream's logging is off. */
  readonly log?: FirehoseLogPlace | undefined;
  readonly code: string;
  readonly message: string;
}

export interface FirehoseOptions {
  readonly clock: PacingClock;
  readonly region: string;
  /** Known once the gateway listens, which may be after this is created. */
  readonly gatewayUrl: () => string;
  /** Takes on a role as Firehose, for one delivery stream. @throws when the role does not trust it */
  readonly credentialsOf: (roleArn: string, deliveryStreamArn: string) => Credentials;
  /** Object names, jitter and ids follow from it. */
  readonly seed: string | number;
  /** Of each delivery stream, until `setQuota`; the region's default when absent. */
  readonly quota?: ThroughputQuota;
  /** The local origin of one, or of an OpenSearch domain's ARN, that the template names; without it every endpoint is refused. */
  readonly hostOf?: (origin: string) => string;
  readonly faults?: FirehoseFaults;
  /** What can be deleted by a call; nothing can where it is absent. */
  readonly left?: LeftResources;
  /** Told of each record as it is accepted. */
  readonly onAccepted?: (deliveryStream: string, record: Buffer) => void;
  /**
   * Real time after which a receiver that has not answered is taken to hang, and the virtual clock may jump to its
   * timeout. 10 seconds by default: shorter only where nothing is ever merely slow.
   */
  readonly answerGraceMs?: number;
}

export function createFirehose(options: FirehoseOptions): FirehoseStandIn {
  const { clock, quota = directPutQuota(options.region), faults = {}, onAccepted } = options;
  const now = () => clock.now();
  const streams = new Map<string, HeldStream>();
  const metrics = createMetricLog(now);
  const errorLog: FirehoseLogEntry[] = [];
  const state = { find: (name: string) => streams.get(name), now, metrics, faults, onAccepted };

  const held = (name: string): HeldStream => {
    const stream = streams.get(name);
    if (!stream) throw new Error(`There is no delivery stream ${name} in the local Firehose.`);
    return stream;
  };
  const contextOf = (
    identity: StreamIdentity,
    of: Pick<DeliveryStreamProperties, 'kind' | 'everything' | 'log'>,
  ): DestinationContext => ({
    ...identity,
    clock,
    faults,
    region: options.region,
    gatewayUrl: options.gatewayUrl(),
    credentialsOf: (roleArn) => options.credentialsOf(roleArn, identity.arn),
    hostOf: options.hostOf ?? refuseHost,
    answerGraceMs: options.answerGraceMs ?? 10_000,
    metric: (metric, value) => {
      if (isEmitted(metric, of)) metrics.record(identity.name, metric, value);
    },
    report(code, message) {
      const { name: stream, arn, version } = identity;
      errorLog.push({ time: now(), stream, arn, version, log: of.log, code, message });
      if (errorLog.length > mostLogEntries) errorLog.shift();
    },
  });
  const build = (identity: StreamIdentity, properties: object) => {
    const read = readDeliveryStreamProperties(identity.name, properties);
    const destination = read.createDestination(read.destinationProperties, contextOf(identity, read));
    const stream = createSimulatedDeliveryStream({ name: identity.name, destination, clock, faults });
    const { encrypted, tags } = read;
    return { identity, stream, encrypted, tags, description: destination.description };
  };

  return {
    service: 'firehose',
    operations: new Set([...firehoseOperations, ...streamOperations]),
    metrics,
    errorLog,
    handle: async (call) =>
      streamOperations.includes(call.operation)
        ? performStreamOperation(call, { streams, left: options.left })
        : performFirehoseCall(call, state),
    createDeliveryStream(name, arn, properties) {
      if (streams.has(name)) throw new Error(`There is already a delivery stream ${name}.`);
      const random = createSeededBytes(`${options.seed} ${name}`);
      const built = build({ name, arn, version: 1, createdAt: now(), random }, properties);
      streams.set(name, { ...built, throughput: createThroughput(quota, now), earlier: [] });
    },
    updateDeliveryStream(name, properties) {
      const old = held(name);
      const built = build({ ...old.identity, version: old.identity.version + 1 }, properties);
      old.stream.flush();
      streams.set(name, { ...old, ...built, earlier: [...old.earlier, old.stream] });
    },
    tagDeliveryStream(name, properties) {
      const { tags } = readDeliveryStreamProperties(name, properties);
      streams.set(name, { ...held(name), tags });
    },
    deleteDeliveryStream(name) {
      closeStream(held(name));
      streams.delete(name);
    },
    setQuota(name, mebibytesPerSecond) {
      const stream = held(name);
      const wanted = raisedQuota(options.region, mebibytesPerSecond);
      if (stream.throughput.quota.bytesPerSecond === wanted.bytesPerSecond) return;
      streams.set(name, { ...stream, throughput: createThroughput(wanted, now) });
    },
    stats: (name) => sumStats(held(name)),
    get names() {
      return [...streams.keys()];
    },
    flush() {
      for (const { stream } of streams.values()) stream.flush();
    },
    close() {
      for (const stream of streams.values()) closeStream(stream);
      streams.clear();
    },
  };
}

const mostLogEntries = 1_000;

function refuseHost(origin: string): never {
  throw new Error(`The local run has no stand-in for ${origin}.`);
}
