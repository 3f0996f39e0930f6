export { type AzureLogsIngestion, startAzureLogsIngestion } from './azure-logs-ingestion.ts';
export {
  type FirehoseHttpReceiver,
  startFirehoseHttpReceiver,
  type WrongAnswer,
} from './firehose-http-receiver.ts';
export { type Gcs, type GcsFaults, startGcs } from './gcs.ts';
export { type OpenSearch, startOpenSearch } from './opensearch-bulk.ts';
export type { Receiver } from './receiver.ts';
export type { AwsIdentity } from './signed-caller-identity.ts';
export { type SplunkHec, type SplunkHecOptions, startSplunkHec } from './splunk-hec.ts';
