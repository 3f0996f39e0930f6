import type { StreamAddress } from '../mosaic/address.ts';
import { createCredentialsReader } from '../mosaic/credentials.ts';
import { createTokenCache } from '../mosaic/token-cache.ts';
import type { CompiledView } from '../stored/compiled-view.ts';
import type { AwsClients } from './adapters/aws-clients.ts';
import { createDynamoState } from './adapters/dynamo-state.ts';
import { createFirehoseSink } from './adapters/firehose-sink.ts';
import { createKeptViews } from './adapters/kept-views.ts';
import { openMosaicSource } from './adapters/mosaic-source.ts';
import { createS3Journal } from './adapters/s3-journal.ts';
import { createS3Quarantine } from './adapters/s3-quarantine.ts';
import { createViewKeys } from './adapters/view-keys.ts';
import { answers } from './answers/answers.ts';
import type { CollectorDestination, CollectorSettings } from './contract.ts';
import { createDestination } from './delivery/create-destination.ts';
import { createLineFormat } from './delivery/formats/line-formats.ts';
import type { DestinationPort } from './protocol/ports/destination.ts';
import type { RunPorts } from './protocol/run-ports.ts';
import type { RunSettings } from './protocol/run-settings.ts';
import type { SweepPorts } from './protocol/sweep-pass.ts';
import { createDestinationViews, type DestinationView } from './views/destination-view.ts';
import type { ComparedStream, ComparePorts, CompareSettings } from './witness/comparison.ts';

/** Assembles the collector from its settings and chooses the adapter behind each port. */
export function assemble(
  settings: CollectorSettings,
  clients: AwsClients,
  means: Pick<RunPorts & SweepPorts, 'clock' | 'newRunId' | 'newAuditId' | 'tellLoss'>,
  views: Readonly<Record<string, CompiledView>> = {},
): Assembled {
  const { clock } = means;
  const streamName = settings.name;
  const mosaic = {
    url: settings.mosaicUrl,
    apiVersion: settings.apiVersion,
    resource: settings.resource,
    readCredentials: createCredentialsReader({
      client: clients.secretsManager,
      secretId: settings.secret,
    }),
    tokens: createTokenCache(),
    now: clock.now,
    wireCapBytes: settings.wireCapMiB * mebibyte,
  };
  const viewOf = createDestinationViews(views, {
    readKey: createViewKeys(clients.secretsManager),
    keepView: createKeptViews({ client: clients.s3, bucket: settings.bucket, streamName }),
  });
  const own = storedStream({ name: streamName, streamId: settings.id }, settings, clients);
  return {
    ports: {
      ...means,
      ...own,
      quarantine: createS3Quarantine({ client: clients.s3, bucket: settings.bucket, streamName }),
      answers,
      openSource: (streamId) =>
        openMosaicSource({
          mosaic,
          address: addressOf(streamId, settings),
          secretId: settings.secret,
          // A retiring stream is only read until it is empty. It must not be created again.
          autoReopen: settings.autoReopen && streamId === settings.id,
          retentionDays: settings.retention,
          enrichment: settings.enrichment,
          reopenTimeoutMs: 30_000,
        }),
    },
    settings: {
      ...settings,
      streamId: settings.id,
      destinations: settings.destinations.map((each) =>
        destinationOf(each, { stage: settings.stage, clients, viewOf }),
      ),
    },
    comparison: settings.witnessOf && {
      ports: { clock, witness: own, primary: storedStream(settings.witnessOf, settings, clients) },
      settings: { ...settings, mode: settings.witnessOf.mode, primary: settings.witnessOf },
    },
  };
}

export interface Assembled {
  readonly ports: RunPorts & SweepPorts;
  readonly settings: RunSettings;
  /** Present where this collector is a witness. */
  readonly comparison: { readonly ports: ComparePorts; readonly settings: CompareSettings } | undefined;
}

/** Opens a stream's metadata and journal: the collector's own, or those of a witness's primary. */
function storedStream(
  { name: streamName, streamId }: { readonly name: string; readonly streamId: string },
  settings: CollectorSettings,
  clients: AwsClients,
): ComparedStream {
  return {
    state: createDynamoState({
      client: clients.dynamoDb,
      tableName: settings.table,
      streamName,
      streamId,
      type: settings.type,
      recordSeconds: settings.recordDays * 86_400,
    }),
    journal: createS3Journal({ client: clients.s3, bucket: settings.bucket, streamName }),
  };
}

const mebibyte = 1024 * 1024;

/** A pull URL addresses only the stream in the settings. A retiring stream is always read by its id. */
function addressOf(streamId: string, settings: CollectorSettings): StreamAddress {
  if (settings.pullUrl !== undefined && streamId === settings.id) {
    return { pullUrl: settings.pullUrl };
  }
  return { type: settings.type, streamId };
}

interface DestinationMeans {
  readonly stage: string;
  readonly clients: AwsClients;
  readonly viewOf: (name: string) => DestinationView;
}

function destinationOf(
  each: CollectorDestination,
  { stage, clients, viewOf }: DestinationMeans,
): DestinationPort {
  return createDestination({
    name: each.name,
    format: createLineFormat(each.format, stage, each.formatOptions ?? {}),
    packing: each.packing,
    compressRecords: each.compressRecords ?? false,
    ages: each.ages,
    view: each.view === undefined ? undefined : viewOf(each.view),
    sink: createFirehoseSink({ client: clients.firehose, deliveryStreamName: each.deliveryStream }),
    quotaBytesPerSecond: each.quotaMiBPerSecond * mebibyte,
  });
}
