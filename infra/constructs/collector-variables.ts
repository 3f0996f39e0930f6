import { Token } from 'aws-cdk-lib';
import {
  collectorEnvironment,
  type DestinationEnvironment,
  destinationEnvironment,
} from '../../functions/collector/contract.ts';
import { answerCapMiB } from '../config/answer-caps.ts';
import { scheduleNameOf, stackNameOf } from '../config/names.ts';
import type { Stage, Stream } from '../config/stage.ts';

export interface CollectorFacts {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly tableName: string;
  readonly bucketName: string;
  readonly destinations: readonly DestinationEnvironment[];
}

/** Records of runs outlive the journal that they describe by a week. */
const recordDaysBeyondJournal = 7;

/** A month: from there on nobody can say what a usual interval is. */
const longestIntervalSeconds = 31 * 86_400;

/**
 * A collector's environment, checked here against the schema that the function will read it by.
 *
 * @throws {Error} at synth, naming each variable that the function would refuse
 */
export function collectorVariables(facts: CollectorFacts): Record<string, string> {
  const { stage, stream } = facts;
  const variables = {
    STAGE: stage.name,
    STREAM_NAME: stream.name,
    STREAM_ID: stream.id,
    STREAM_TYPE: stream.type,
    MOSAIC_URL: stage.mosaicUrl,
    MOSAIC_API_VERSION: stage.apiVersion,
    MOSAIC_RESOURCE: stage.resource,
    PULL_URL: stream.pullUrl,
    SECRET_ID: stage.secret,
    TABLE_NAME: facts.tableName,
    BUCKET_NAME: facts.bucketName,
    BATCH_SIZE: String(stream.batchSize),
    RETENTION_DAYS: stream.retentionDays === undefined ? undefined : String(stream.retentionDays),
    ENRICHMENT: String(stream.enrichment),
    AUTO_REOPEN: String(stream.autoReopen),
    EMPTY_ANSWERS_TO_STOP: String(stream.emptyAnswersToStop),
    TIMEOUT_SECONDS: String(stream.timeoutSeconds),
    COLLECT_TIMEOUT_SECONDS: String(stream.collectTimeoutSeconds),
    INTERVAL_SECONDS: String(Math.min(stream.schedule.longestGapSeconds, longestIntervalSeconds)),
    POLL_WITHIN_SECONDS: String(stream.pollWithinSeconds),
    RECORD_DAYS: String(stage.journalDays + recordDaysBeyondJournal),
    WIRE_CAP_MIB: String(answerCapMiB(stage.wireCapMiB, stream)),
    DECOMPRESSED_CAP_MIB: String(answerCapMiB(stage.decompressedCapMiB, stream)),
    DESTINATIONS: JSON.stringify(facts.destinations),
    WITNESS_OF: stream.witnessOf === undefined ? undefined : JSON.stringify(stream.witnessOf),
    COLLECT_SCHEDULE: `${stackNameOf(stage.name)}/${scheduleNameOf(stream.name, 'collect')}`,
  };
  const problems = [...refusals(variables), ...facts.destinations.flatMap(destinationRefusals)];
  if (problems.length > 0)
    throw new Error(`the collector of ${stream.name} would refuse ${problems.join('; ')}`);
  return Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** What CloudFormation fills in later cannot be checked now. */
function refusals(variables: Readonly<Record<string, string | undefined>>): string[] {
  const read = collectorEnvironment.safeParse(variables);
  return (read.error?.issues ?? [])
    .filter(({ path }) => !Token.isUnresolved(variables[String(path[0])]))
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function destinationRefusals(destination: DestinationEnvironment): string[] {
  const read = destinationEnvironment.safeParse(destination);
  return (read.error?.issues ?? []).map(
    ({ path, message }) => `DESTINATIONS ${destination.name} ${path.join('.')}: ${message}`,
  );
}
