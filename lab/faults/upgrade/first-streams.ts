import type { Deployment, LambdaHost } from '@mosaic-relay/cdk-loopback';
import type { CollectorDestination, EventType, WitnessOf } from '../../../functions/collector/contract.ts';
import { readStreams, type WorldStream } from '../../../local/world-streams.ts';

/** Reads the streams of today's collectors, and those of version 0.1.0's, which had a variable for each setting. */
export function readStreamsOfAnyVersion(deployment: Deployment, lambda: LambdaHost): readonly WorldStream[] {
  const first = deployment.byType('AWS::Lambda::Function').flatMap(({ arn = '', logicalId }) => {
    const { definition } = lambda.functions.find(arn);
    const { environment: variables } = definition;
    return variables.DESTINATIONS === undefined
      ? []
      : [
          {
            ...firstStream(variables),
            functionLogicalId: logicalId,
            functionName: definition.name,
            functionArn: arn,
          },
        ];
  });
  return [...readStreams(deployment, lambda), ...first];
}

type Variables = Readonly<Record<string, string>>;

function firstStream(variables: Variables): Omit<WorldStream, `function${string}`> {
  const text = (name: string): string => {
    const value = variables[name];
    if (value === undefined) throw new Error(`a collector of 0.1.0 has no ${name}`);
    return value;
  };
  const number = (name: string): number => Number(text(name));
  const [name, id, type] = [text('STREAM_NAME'), text('STREAM_ID'), text('STREAM_TYPE') as EventType];
  const destinations = (JSON.parse(text('DESTINATIONS')) as readonly FirstDestination[]).map((one) => ({
    ...one,
    deliveryMetrics: metricsOfKinds[one.kind] ?? 'DeliveryToS3',
  }));
  const { WITNESS_OF: witness, COLLECT_SCHEDULE: collectSchedule } = variables;
  return {
    name,
    id,
    type,
    destinations,
    settings: {
      stage: text('STAGE'),
      name,
      id,
      type,
      mosaicUrl: text('MOSAIC_URL'),
      apiVersion: text('MOSAIC_API_VERSION'),
      secret: text('SECRET_ID'),
      table: text('TABLE_NAME'),
      bucket: text('BUCKET_NAME'),
      batchSize: number('BATCH_SIZE'),
      enrichment: text('ENRICHMENT') === 'true',
      autoReopen: text('AUTO_REOPEN') === 'true',
      emptyAnswersToStop: number('EMPTY_ANSWERS_TO_STOP'),
      timeout: number('TIMEOUT_SECONDS'),
      collectTimeout: number('COLLECT_TIMEOUT_SECONDS'),
      interval: 300,
      pollWithin: number('POLL_WITHIN_SECONDS'),
      recordDays: number('RECORD_DAYS'),
      wireCapMiB: number('WIRE_CAP_MIB'),
      decompressedCapMiB: number('DECOMPRESSED_CAP_MIB'),
      destinations,
      ...(witness !== undefined && { witnessOf: JSON.parse(witness) as WitnessOf }),
      ...(collectSchedule !== undefined && { collectSchedule }),
    },
  };
}

type FirstDestination = Omit<CollectorDestination, 'deliveryMetrics'>;

/** Of the kinds that 0.1.0 delivered to elsewhere than S3. */
const metricsOfKinds: Readonly<Record<string, CollectorDestination['deliveryMetrics']>> = {
  splunk: 'DeliveryToSplunk',
  http: 'DeliveryToHttpEndpoint',
};
