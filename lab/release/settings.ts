/**
 * The stage of which each release's assembly is kept. Every release reads this file as it stands, so a setting that an
 * earlier version does not know cannot be added here.
 */
export const stages = {
  dev: {
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    encryption: 'customer-managed',
    terminationProtection: false,
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        witness: 'recover',
        destinations: [
          {
            kind: 'splunk',
            endpoint: 'https://splunk.acme.test:8088',
            secret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:relay/splunk-AbCdEf',
            index: 'mosaic',
          },
        ],
      },
      {
        name: 'admin',
        id: 'relay-admin',
        type: 'admin',
        every: '5 minutes',
        witness: 'recover',
        destinations: [{ kind: 's3' }],
      },
      {
        name: 'risk',
        id: 'relay-risk',
        type: 'risk',
        every: '5 minutes',
        witness: 'recover',
        destinations: [
          {
            kind: 'http',
            url: 'https://siem.acme.test/firehose',
            secret: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:relay/siem-AbCdEf',
            packing: 'lines',
          },
        ],
      },
      {
        name: 'verify',
        id: 'relay-verify',
        type: 'verify',
        every: '5 minutes',
        witness: 'recover',
        destinations: [
          {
            kind: 'gcs',
            bucket: 'acme-mosaic-events',
            provider:
              '//iam.googleapis.com/projects/777788889999/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
          },
        ],
      },
    ],
  },
} as const;
