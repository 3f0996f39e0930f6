import type { StageSettings } from './settings.ts';

/**
 * The stages, side by side. This is the file to edit; hover over a setting for its unit, range and default.
 *
 * `npx cdk deploy` takes `dev`; `npx cdk deploy -c stage=prod` takes `prod`.
 */
export const stages = {
  dev: {
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    keepData: false,
    terminationProtection: false,
    streams: [
      { name: 'cis', id: 'relay-cis', type: 'cis', every: '5 minutes', destinations: [{ kind: 's3' }] },
      {
        name: 'admin',
        id: 'relay-admin',
        type: 'admin',
        every: '15 minutes',
        destinations: [{ kind: 's3' }],
      },
      { name: 'risk', id: 'relay-risk', type: 'risk', every: '5 minutes', destinations: [{ kind: 's3' }] },
      {
        name: 'verify',
        id: 'relay-verify',
        type: 'verify',
        every: '10 minutes',
        destinations: [{ kind: 's3' }],
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
      { name: 'cis', id: 'relay-cis', type: 'cis', every: '5 minutes', destinations: [{ kind: 's3' }] },
      {
        name: 'admin',
        id: 'relay-admin',
        type: 'admin',
        every: '15 minutes',
        destinations: [{ kind: 's3' }],
      },
      { name: 'risk', id: 'relay-risk', type: 'risk', every: '5 minutes', destinations: [{ kind: 's3' }] },
      {
        name: 'verify',
        id: 'relay-verify',
        type: 'verify',
        every: '10 minutes',
        destinations: [{ kind: 's3' }],
      },
    ],
  },
} satisfies Record<string, StageSettings>;
