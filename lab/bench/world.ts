/** The names and credentials that the benchmark's servers and every variant share. They open nothing. */
export const world = {
  region: 'us-east-1',
  accessKeyId: 'ASIABENCHMARK0000000',
  secretAccessKey: 'secret-of-the-benchmark',
  sessionToken: 'session-of-the-benchmark'.repeat(30),
  clientId: 'benchmark-client',
  clientSecret: 'benchmark-secret',
  token: `eyJ${'benchmark'.repeat(100)}`,
  secretId: 'mosaic/benchmark',
  deliveryStream: 'relay-benchmark-s3',
  bucket: 'relay-benchmark',
  table: 'relay-benchmark',
  streamId: 'benchmark',
  eventType: 'risk',
  collectPath: '/activities/v1/activities/collect',
  tokenPath: '/oidc/token',
  /** The vendor's sink, in Azure's place. */
  sinkPath: '/api/logs',
} as const;
