import type { StageSettings } from '../../../infra/config/settings.ts';

const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
const provider =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

/** Every kind that the shipped dev stage has not, and some that share a receiver. */
export const everyKind: StageSettings = {
  environment: 'sandbox',
  secret: 'relay/test',
  account: '111122223333',
  region: 'eu-west-1',
  streams: [
    {
      name: 'one',
      id: 'relay-one',
      type: 'cis',
      destinations: [
        { kind: 'datadog', site: 'us3', secret: secret('datadog'), tags: { env: 'test' } },
        { kind: 'newRelic', site: 'eu', secret: secret('new-relic') },
        {
          kind: 'dynatrace',
          environment: 'https://abc12345.live.dynatrace.com',
          secret: secret('dynatrace'),
        },
        {
          kind: 'sumoLogic',
          endpoint: 'https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log',
          secret: secret('sumo'),
        },
        {
          kind: 'elastic',
          endpoint: 'https://my-cluster.es.eu-west-1.aws.elastic-cloud.com',
          secret: secret('elastic'),
          gzip: false,
        },
      ],
    },
    {
      name: 'two',
      id: 'relay-two',
      type: 'verify',
      destinations: [
        {
          kind: 'openSearch',
          domain: 'arn:aws:es:eu-west-1:111122223333:domain/events',
          index: 'mosaic',
          rotate: 'month',
        },
        {
          kind: 'openSearch',
          name: 'serverless',
          collection: 'arn:aws:aoss:eu-west-1:111122223333:collection/abcdefghij0123456789',
          collectionEndpoint: 'https://abcdefghij0123456789.eu-west-1.aoss.amazonaws.com',
          index: 'mosaic',
        },
        {
          kind: 'sentinel',
          endpoint: 'https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com',
          rule: `dcr-${'0'.repeat(32)}`,
          table: 'Custom-MosaicEvents_CL',
          secret: secret('sentinel'),
        },
        { kind: 'gcs', bucket: 'events-of-two', provider },
      ],
    },
    {
      name: 'three',
      id: 'relay-three',
      type: 'admin',
      destinations: [
        { kind: 'datadog', site: 'us3', secret: secret('datadog'), tags: { env: 'test' } },
        { kind: 'gcs', bucket: 'events-of-three', provider },
        { kind: 's3', compressRecords: false },
      ],
    },
  ],
};
