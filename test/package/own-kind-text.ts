/** The settings of an operator with every kind of the package, and one more of their own with a receiver. */
export const ownKindText = `import { type DestinationSettings, defineDestination, defineStages } from 'mosaic-siem-relay';

const honeycomb = defineDestination<{ /** The dataset that events go to. */ readonly dataset: string }>({
  kind: 'honeycomb',
  settings: { dataset: /^[a-z0-9-]{1,64}$/ },
  endpoint: ({ dataset }) => ({ url: \`https://api.honeycomb.io/1/kinesis_events/\${dataset}\` }),
  receive: (events) => (events.every((event) => event.includes('"_relay"')) ? undefined : 'an event without its _relay'),
});

const secret = (name: string) => \`arn:aws:secretsmanager:eu-west-1:111122223333:secret:\${name}-AbCdEf\`;
const provider =
  '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

const first: readonly DestinationSettings[] = [
  { kind: 's3' },
  { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret: secret('splunk'), index: 'mosaic' },
  { kind: 'datadog', site: 'us3', secret: secret('datadog') },
  { kind: 'newRelic', site: 'eu', secret: secret('new-relic') },
  { kind: 'dynatrace', environment: 'https://abc12345.live.dynatrace.com', secret: secret('dynatrace') },
  {
    kind: 'sumoLogic',
    endpoint: 'https://endpoint9.collection.eu.sumologic.com/receiver/v1/kinesis/log',
    secret: secret('sumo'),
  },
];
const second: readonly DestinationSettings[] = [
  { kind: 'elastic', endpoint: 'https://one.es.eu-west-1.aws.elastic-cloud.com', secret: secret('elastic') },
  { kind: 'openSearch', domain: 'arn:aws:es:eu-west-1:111122223333:domain/events', index: 'mosaic' },
  {
    kind: 'sentinel',
    endpoint: 'https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com',
    rule: 'dcr-00000000000000000000000000000000',
    table: 'Custom-MosaicEvents_CL',
    secret: secret('sentinel'),
  },
  { kind: 'gcs', bucket: 'events-of-mine', provider },
  { kind: 'http', url: 'https://siem.example.com/firehose', secret: secret('siem') },
  honeycomb({ dataset: 'mosaic', secret: secret('honeycomb') }),
];

export const stages = defineStages({
  dev: {
    environment: 'sandbox',
    secret: 'relay/dev',
    account: '111122223333',
    region: 'eu-west-1',
    keepData: false,
    terminationProtection: false,
    streams: [
      { id: 'one', type: 'cis', destinations: first },
      { id: 'two', type: 'risk', destinations: second },
    ],
  },
});
`;
