import { expect, test } from 'vitest';
import type { CollectorDestination } from '../../../functions/collector/contract.ts';
import { createSecretStore } from '../../../local/run/receivers/secret-store.ts';
import { startReceivers } from '../../../local/run/receivers/start-receivers.ts';
import { toldToCollector } from '../../collector-settings.ts';

const clock = { now: () => 0 };

test('destinations of one address and token share a receiver, and are told apart', async () => {
  const template = templateOf([splunk('cis'), splunk('risk')]);
  const receivers = await startReceivers({ template, clock, accountId: '123456789012' });
  const [cis, risk] = [receivers.of('cis', 'splunk')!, receivers.of('risk', 'splunk')!];
  expect(cis.receiver).toBe(risk.receiver);
  expect(cis.shared).toBe(true);
  expect(receivers.hosts).toEqual({ 'https://splunk.example.com:8088': cis.receiver.url });
  expect(Object.keys(receivers.secrets)).toEqual(['arn:one']);
  await receivers.close();
});

test('two ways to one address are refused by name', async () => {
  const template = templateOf([splunk('cis'), splunk('risk', 'arn:two')]);
  await expect(startReceivers({ template, clock, accountId: '123456789012' })).rejects.toThrow(
    /^cis\/splunk and risk\/splunk both go to https:\/\/splunk\.example\.com:8088/,
  );
});

test('a destination whose data stay in S3 has no receiver', async () => {
  const s3 = { stream: 'admin', kind: 's3', property: 'ExtendedS3DestinationConfiguration', properties: {} };
  const receivers = await startReceivers({ template: templateOf([s3]), clock, accountId: '123456789012' });
  expect(receivers.of('admin', 's3')).toBeUndefined();
  expect(receivers.hosts).toEqual({});
  await receivers.close();
});

test('a rotated secret is told to its receiver, with the time that the old one is still good for', () => {
  const store = createSecretStore();
  const told: (readonly [string, number])[] = [];
  const first = store.member('arn:one', 'hec_token', (next, oldValidForMs) =>
    told.push([next, oldValidForMs]),
  );
  expect(store.member('arn:one', 'hec_token')).toBe(first);

  const rotated = JSON.parse(store.rotate('arn:one', 600_000)) as { hec_token: string };

  expect(rotated.hec_token).not.toBe(first);
  expect(told).toEqual([[rotated.hec_token, 600_000]]);
  expect(store.rotates('arn:two')).toBe(false);
});

interface Written {
  readonly stream: string;
  readonly kind: string;
  readonly property: string;
  readonly properties: object;
}

function splunk(stream: string, secret = 'arn:one'): Written {
  const properties = {
    HECEndpoint: 'https://splunk.example.com:8088',
    SecretsManagerConfiguration: { SecretARN: secret },
  };
  return { stream, kind: 'splunk', property: 'SplunkDestinationConfiguration', properties };
}

function templateOf(destinations: readonly Written[]) {
  const resources = destinations.flatMap(({ stream, kind, property, properties }) => {
    const told = toldToCollector({ name: stream, destinations: [destination(kind)] });
    const [before, after] = JSON.stringify(told).split('filled-in');
    const variables = {
      SETTINGS: { 'Fn::Join': ['', [before, { Ref: `${stream}Delivery` }, after]] },
    };
    return [
      [
        `${stream}Delivery`,
        { Type: 'AWS::KinesisFirehose::DeliveryStream', Properties: { [property]: properties } },
      ],
      [
        `${stream}Collector`,
        { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: variables } } },
      ],
    ] as const;
  });
  return { Resources: Object.fromEntries(resources) };
}

function destination(kind: string): CollectorDestination {
  return {
    name: kind,
    kind,
    deliveryStream: 'filled-in',
    format: 'relay-line',
    packing: 'lines',
    quotaMiBPerSecond: 1,
    deliveryMetrics: 'DeliveryToS3',
  };
}
