import { expect, test } from 'vitest';
import { copierEnvironment } from '../../../functions/object-copier/contract.ts';
import { readEnvironment } from '../../../functions/read-environment.ts';

const common = {
  STAGE: 'dev',
  STREAM_NAME: 'verify',
  DESTINATION: 'gcs',
  BUCKET_NAME: 'journal',
  DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/111122223333/dead',
  OBJECT_CAP_MIB: '64',
};
const gcs = {
  ...common,
  SINK: 'gcs',
  GCS_URL: 'https://storage.googleapis.com',
  GCS_BUCKET: 'events',
  GOOGLE_STS_URL: 'https://sts.googleapis.com',
  GOOGLE_AUDIENCE:
    '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
};
const azure = {
  ...common,
  SINK: 'azure-logs',
  ENTRA_URL: 'https://login.microsoftonline.com',
  ENTRA_SECRET_ID: 'mosaic/entra',
  AZURE_LOGS_URL: 'https://relay-x1.westeurope-1.ingest.monitor.azure.com',
  AZURE_LOGS_AUDIENCE: 'monitor.azure.com',
  AZURE_LOGS_RULE_ID: `dcr-${'0'.repeat(32)}`,
  AZURE_LOGS_STREAM: 'Custom-MosaicEvents_CL',
};

test('which sink there is follows from the environment', () => {
  expect(readEnvironment(copierEnvironment, gcs)).toMatchObject({ SINK: 'gcs', OBJECT_CAP_MIB: 64 });
  expect(readEnvironment(copierEnvironment, azure)).toMatchObject({ SINK: 'azure-logs' });
  expect(() => readEnvironment(copierEnvironment, { ...gcs, SINK: 'ftp' })).toThrow('SINK');
});

test('every wrong value is named, and none is shown', () => {
  const wrong = {
    ...gcs,
    GCS_URL: 'https://storage.googleapis.com/upload',
    OBJECT_CAP_MIB: '129',
    STAGE: undefined,
  };
  expect(() => readEnvironment(copierEnvironment, wrong)).toThrow(/STAGE.*OBJECT_CAP_MIB.*GCS_URL/s);
  expect(() => readEnvironment(copierEnvironment, wrong)).not.toThrow('/upload');
});
