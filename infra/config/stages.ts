import type { StageSettings } from './settings.ts';

/**
 * The stages, side by side. This is the file to edit; hover over a setting for its unit, range and default.
 *
 * `npx cdk deploy` takes `dev`; `npx cdk deploy -c stage=prod` takes `prod`. Addresses, buckets and the account
 * 111122223333 are examples: put your own in their place.
 */
export const stages = {
  dev: {
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    keepData: false,
    terminationProtection: false,
    // What analysts see of sign-ins: no reads of user records, and a pseudonym for each user and device.
    views: {
      analysts: {
        activities: { drop: ['get_user', 'get_users'] },
        members: { user_id: 'pseudonym', device_id: 'pseudonym' },
        key: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:mosaic-siem-relay/dev/view-AbCdEf',
      },
    },
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        destinations: [
          {
            kind: 'splunk',
            endpoint: 'https://splunk.example.com:8088',
            secret:
              'arn:aws:secretsmanager:us-east-1:111122223333:secret:mosaic-siem-relay/dev/splunk-AbCdEf',
            index: 'mosaic',
          },
          { kind: 's3', name: 'lake', view: 'analysts' },
        ],
      },
      {
        name: 'admin',
        id: 'relay-admin',
        type: 'admin',
        every: '15 minutes',
        destinations: [{ kind: 's3' }],
        // In a sandbox an administrator may do nothing for weeks.
        alarms: { quiet: 'off' },
      },
      {
        name: 'risk',
        id: 'relay-risk',
        type: 'risk',
        every: '5 minutes',
        destinations: [
          {
            kind: 'http',
            url: 'https://siem.example.com/firehose',
            secret: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:mosaic-siem-relay/dev/siem-AbCdEf',
            packing: 'lines',
          },
        ],
      },
      {
        name: 'verify',
        id: 'relay-verify',
        type: 'verify',
        every: '10 minutes',
        destinations: [
          {
            kind: 'gcs',
            bucket: 'example-mosaic-events-dev',
            provider:
              '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
          },
        ],
        // Nor may anybody be verified there.
        alarms: { quiet: 'off' },
      },
    ],
  },
  prod: {
    environment: 'eu',
    secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod-AbCdEf',
    account: '111122223333',
    region: 'eu-west-1',
    tags: { service: 'mosaic-siem-relay' },
    streams: [
      {
        name: 'cis',
        id: 'relay-cis',
        type: 'cis',
        every: '5 minutes',
        // Each destination gets every event: Splunk to search in, S3 to keep.
        destinations: [
          {
            kind: 'splunk',
            endpoint: 'https://http-inputs-firehose-example.splunkcloud.com:443',
            secret:
              'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/splunk-AbCdEf',
            index: 'mosaic',
          },
          { kind: 's3' },
        ],
      },
      {
        name: 'admin',
        id: 'relay-admin',
        type: 'admin',
        every: '15 minutes',
        destinations: [{ kind: 's3' }],
      },
      {
        name: 'risk',
        id: 'relay-risk',
        type: 'risk',
        every: '5 minutes',
        destinations: [
          {
            kind: 'http',
            url: 'https://siem.example.com/firehose',
            secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mosaic-siem-relay/prod/siem-AbCdEf',
            packing: 'lines',
          },
        ],
      },
      {
        name: 'verify',
        id: 'relay-verify',
        type: 'verify',
        every: '10 minutes',
        destinations: [
          {
            kind: 'gcs',
            bucket: 'example-mosaic-events',
            provider:
              '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
          },
        ],
      },
    ],
  },
} satisfies Record<string, StageSettings>;
