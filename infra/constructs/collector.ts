import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  type CollectorDestination,
  collectorSettings,
  type WitnessOf,
} from '../../functions/collector/contract.ts';
import { backupPrefix } from '../../functions/stored/backup-key.ts';
import { journalPrefix } from '../../functions/stored/journal-key.ts';
import { quarantinePrefix } from '../../functions/stored/quarantine-key.ts';
import { type CollectorFacts, collectorSettingsOf } from '../config/collector-settings.ts';
import { collectorNameOf, scheduleNameOf, shownNameOf, stackNameOf } from '../config/names.ts';
import type { Stage } from '../config/settings.ts';
import type { Stream } from '../config/stream-settings.ts';
import { readViewKeys } from './compiled-views.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { readSecret } from './mosaic-secret.ts';
import type { RelayBucket } from './relay-bucket.ts';
import { RelayFunction } from './relay-function.ts';
import type { RelayKey } from './relay-key.ts';
import type { StreamTable } from './stream-table.ts';

export interface CollectorProps {
  readonly stage: Stage;
  readonly stream: Stream;
  readonly code: lambda.Code;
  readonly destinations: readonly PutTarget[];
  readonly table: StreamTable;
  readonly bucket: RelayBucket;
  readonly key: RelayKey;
  readonly deadLetters: DeadLetterQueue;
}

/** A destination in the collector's settings, and the ARN that its role may put to. */
export interface PutTarget {
  readonly told: CollectorDestination;
  readonly arn: string;
}

/** The function that collects one stream, sweeps after it, and may do nothing else. */
export class Collector extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
    const { stage, stream, bucket } = props;
    const { role, function: collector } = new RelayFunction(this, 'Function', {
      name: collectorNameOf(stage.name, stream.name),
      description: stream.witnessOf
        ? `Collects Mosaic's ${stream.type} events once more, to find what ${stream.witnessOf.name} has missed`
        : `Collects Mosaic's ${stream.type} events from ${shownNameOf(stream)} and delivers them`,
      code: props.code,
      environment: environmentOf({
        stage,
        stream,
        table: props.table.table.tableName,
        bucket: bucket.bucketName,
        destinations: props.destinations.map(({ told }) => told),
      }),
      statements: [...statements(props), this.seeSchedule(props)],
      memoryMb: stream.memory,
      timeoutSeconds: stream.timeout,
      reservedConcurrency: stream.reservedConcurrency,
      logDays: stage.logDays,
      stream: stream.name,
      deadLetters: props.deadLetters,
    });
    bucket.allowCollector(role);
    if (stream.witnessOf !== undefined) bucket.allowWitness(role, stream.witnessOf);
    collector.node.addDependency(bucket.policy);
    this.function = collector;
  }

  /** Grants a look at the collect schedule, by name, since the schedule itself needs the function. */
  private seeSchedule({ stage, stream }: CollectorProps): iam.PolicyStatement {
    return new iam.PolicyStatement({
      actions: ['scheduler:GetSchedule'],
      resources: [
        Stack.of(this).formatArn({
          service: 'scheduler',
          resource: 'schedule',
          resourceName: `${stackNameOf(stage.name)}/${scheduleNameOf(stream.name, 'collect')}`,
        }),
      ],
    });
  }
}

/**
 * Makes the function's environment, and checks it against the schema by which the function reads it. Names that
 * CloudFormation fills in later are texts for now, and stay whole in the JSON.
 *
 * @throws {Error} at synth, naming each setting that the function would refuse
 */
function environmentOf(facts: CollectorFacts): Readonly<Record<'SETTINGS', string>> {
  const settings = collectorSettingsOf(facts);
  const problems = (collectorSettings.safeParse(settings).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
  if (problems.length > 0)
    throw new Error(`the collector of ${facts.stream.name} would refuse ${problems.join('; ')}`);
  return { SETTINGS: JSON.stringify(settings) };
}

function statements(props: CollectorProps): iam.PolicyStatement[] {
  const { stage, stream, destinations, table, bucket, key, deadLetters } = props;
  return [
    ...(destinations.length === 0 ? [] : [deliverTo(destinations)]),
    ...readSecret(stage),
    ...readViewKeys(stage, stream),
    ...table.itemsOf(stream.name, [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]),
    new iam.PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: {
        StringLike: {
          's3:prefix': [journalPrefix, quarantinePrefix, backupPrefix].map((of) => `${of(stream.name)}*`),
        },
      },
    }),
    // Its journal and quarantine are granted by the bucket's policy, and by nothing here.
    ...key.use('s3'),
    ...deadLetters.send(),
    ...(stream.witnessOf === undefined ? [] : witnessStatements(stream.witnessOf, props)),
  ];
}

function deliverTo(destinations: readonly PutTarget[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['firehose:PutRecordBatch'],
    resources: destinations.map(({ arn }) => arn),
  });
}

/**
 * Grants a witness a comparison with its primary's journal and, if it may recover, the writes that the primary's
 * sweep delivers.
 */
function witnessStatements(
  { name, mode }: WitnessOf,
  { table, bucket }: CollectorProps,
): iam.PolicyStatement[] {
  const adding = mode === 'recover' ? ['dynamodb:PutItem', 'dynamodb:UpdateItem'] : [];
  return [
    table.ownItemsOf(name, ['dynamodb:GetItem', 'dynamodb:Query', ...adding]),
    new iam.PolicyStatement({
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${journalPrefix(name)}*`] } },
    }),
  ];
}
