import type { StreamAddress } from '../mosaic/address.ts';
import { createCredentialsReader } from '../mosaic/credentials.ts';
import { createTokenCache } from '../mosaic/token.ts';
import type { AwsClients } from './adapters/aws-clients.ts';
import { createDynamoState } from './adapters/dynamo-state.ts';
import { createFirehoseSink } from './adapters/firehose-sink.ts';
import { openMosaicSource } from './adapters/mosaic-source.ts';
import { createS3Journal } from './adapters/s3-journal.ts';
import type { CollectorEnvironment, DestinationEnvironment } from './contract.ts';
import type { Destination } from './destination.ts';
import { createLineFormat } from './formats/line-formats.ts';
import type { RunPorts, RunSettings } from './run.ts';
import type { SweepPorts } from './sweep.ts';
import type { ComparedStream, ComparePorts, CompareSettings } from './witness/compare.ts';

/** Puts the collector together from its environment: which adapter stands behind each port, and the settings. */
export function assemble(
  environment: CollectorEnvironment,
  clients: AwsClients,
  means: Pick<RunPorts & SweepPorts, 'clock' | 'newRunId' | 'newAuditId' | 'tellLoss'>,
): Assembled {
  const { clock } = means;
  const streamName = environment.STREAM_NAME;
  const mosaic = {
    url: environment.MOSAIC_URL,
    apiVersion: environment.MOSAIC_API_VERSION,
    resource: environment.MOSAIC_RESOURCE,
    readCredentials: createCredentialsReader({
      client: clients.secretsManager,
      secretId: environment.SECRET_ID,
    }),
    tokens: createTokenCache(),
    now: clock.now,
    wireCapBytes: environment.WIRE_CAP_MIB * mebibyte,
  };
  const own = storedStream({ name: streamName, streamId: environment.STREAM_ID }, environment, clients);
  return {
    ports: {
      ...means,
      ...own,
      openSource: (streamId) =>
        openMosaicSource({
          mosaic,
          address: addressOf(streamId, environment),
          secretId: environment.SECRET_ID,
          // A stream that is retiring is read for what it holds, never created anew.
          autoReopen: environment.AUTO_REOPEN && streamId === environment.STREAM_ID,
          retentionDays: environment.RETENTION_DAYS,
          enrichment: environment.ENRICHMENT,
          reopenTimeoutMs: 30_000,
        }),
    },
    settings: {
      type: environment.STREAM_TYPE,
      streamId: environment.STREAM_ID,
      destinations: environment.DESTINATIONS.map((each) => destinationOf(each, clients)),
      batchSize: environment.BATCH_SIZE,
      timeoutMs: environment.TIMEOUT_SECONDS * 1_000,
      collectTimeoutMs: environment.COLLECT_TIMEOUT_SECONDS * 1_000,
      intervalMs: (environment.INTERVAL_SECONDS ?? 300) * 1_000,
      emptyAnswersToStop: environment.EMPTY_ANSWERS_TO_STOP,
      pollWithinMs: environment.POLL_WITHIN_SECONDS * 1_000,
      decompressedCapBytes: environment.DECOMPRESSED_CAP_MIB * mebibyte,
    },
    comparison: environment.WITNESS_OF && {
      ports: { clock, witness: own, primary: storedStream(environment.WITNESS_OF, environment, clients) },
      settings: {
        type: environment.STREAM_TYPE,
        mode: environment.WITNESS_OF.mode,
        primary: environment.WITNESS_OF,
        timeoutMs: environment.TIMEOUT_SECONDS * 1_000,
        decompressedCapBytes: environment.DECOMPRESSED_CAP_MIB * mebibyte,
      },
    },
  };
}

export interface Assembled {
  readonly ports: RunPorts & SweepPorts;
  readonly settings: RunSettings;
  /** Of a witness. */
  readonly comparison: { readonly ports: ComparePorts; readonly settings: CompareSettings } | undefined;
}

/** A stream's metadata and journal: the collector's own, or those of the stream that it is the witness of. */
function storedStream(
  { name: streamName, streamId }: { readonly name: string; readonly streamId: string },
  environment: CollectorEnvironment,
  clients: AwsClients,
): ComparedStream {
  return {
    state: createDynamoState({
      client: clients.dynamoDb,
      tableName: environment.TABLE_NAME,
      streamName,
      streamId,
      type: environment.STREAM_TYPE,
      recordSeconds: environment.RECORD_DAYS * 86_400,
    }),
    journal: createS3Journal({ client: clients.s3, bucket: environment.BUCKET_NAME, streamName }),
  };
}

const mebibyte = 1024 * 1024;

/** A pull URL is the address of the stream in the settings alone; a retiring one is always read by its id. */
function addressOf(streamId: string, environment: CollectorEnvironment): StreamAddress {
  if (environment.PULL_URL !== undefined && streamId === environment.STREAM_ID) {
    return { pullUrl: environment.PULL_URL };
  }
  return { type: environment.STREAM_TYPE, streamId };
}

function destinationOf(each: DestinationEnvironment, clients: AwsClients): Destination {
  return {
    name: each.name,
    format: createLineFormat(each.format, each.formatOptions ?? {}),
    packing: each.packing,
    compressRecords: each.compressRecords ?? false,
    sink: createFirehoseSink({ client: clients.firehose, deliveryStreamName: each.deliveryStream }),
    quotaBytesPerSecond: each.quotaMiBPerSecond * mebibyte,
  };
}
