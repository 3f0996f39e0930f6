import type { Grant } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';
import { justified } from './unexercised-permissions.ts';

const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}-AbCdEf`;

/** One stream with a destination of every sort of role, so that no permission hides behind another stream's. */
const stream: StreamSettings = {
  name: 'cis',
  id: 'relay-cis',
  type: 'cis',
  timeout: '1 minute',
  collectTimeout: '15 seconds',
  destinations: [
    { kind: 's3' },
    { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret: secret('splunk') },
    { kind: 'http', url: 'https://siem.example.com/firehose', secret: secret('siem') },
    {
      kind: 'gcs',
      bucket: 'mosaic-events',
      provider:
        '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
    },
    { kind: 'openSearch', domain: 'arn:aws:es:us-east-1:111122223333:domain/events', index: 'mosaic' },
    {
      kind: 'sentinel',
      endpoint: 'https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com',
      rule: `dcr-${'0'.repeat(32)}`,
      table: 'Custom-MosaicEvents_CL',
      secret: secret('entra'),
    },
  ],
};

let stack: LocalDeployment;
const startAt = Date.UTC(2026, 2, 2, 8);

/** A day with everything in it that asks for a permission: backlog, quarantine, receivers that are down, a restored table, refused credentials. */
beforeAll(async () => {
  stack = await deployLocally({
    settings: { streams: [stream] },
    simulator: { switches: ['oversize-events'], clientSecret: 'mosaic-7f3ac1' },
  });
  const { clock, simulator, world, receivers } = stack;
  const untilHour = (hour: number) =>
    clock.runUntil(() => clock.now() > startAt + hour * 3_600_000, Number.POSITIVE_INFINITY);
  const receiver = (name: string) => {
    const found = receivers.of('cis', name);
    if (found === undefined) throw new Error(`there is no receiver for ${name}`);
    return found.receiver;
  };
  simulator.generate('cis', 1000);
  world.startSchedules();
  await untilHour(0.6);
  for (const name of ['splunk', 'http', 'openSearch']) receiver(name).faults.down = true;
  const bucketMissing = receivers.of('cis', 'gcs')?.troubles?.find(({ name }) => name === 'bucket missing');
  bucketMissing?.begin(0);
  simulator.generate('cis', 400);
  await reopenRuns(stack);
  await untilHour(3.6);
  simulator.rotateSecret('mosaic-9b2d4e');
  simulator.revokeTokens();
  await untilHour(3.8);
  world.scheduler.stop();
}, 240_000);
afterAll(() => stack?.close());

test('nothing that the relay did was refused', () => {
  expect(stack.world.denials).toEqual([]);
  expect(stack.world.refusals).toEqual([]);
});

test('every permission was used, or is justified', () => {
  const unexplained = stack.world.iam
    .unused()
    .filter((grant) => !justified.some((one) => covers(one, grant)))
    .map(described);
  expect(unexplained).toEqual([]);
});

test('nothing is justified that was used after all', () => {
  const unused = stack.world.iam.unused();
  expect(justified.filter((one) => !unused.some((grant) => covers(one, grant)))).toEqual([]);
});

test('no secret stands in the template, in a line of log or in a message', () => {
  const values = ['mosaic-7f3ac1', ...Object.values(stack.receivers.secrets).flatMap(valuesOf)];
  expect(values).toHaveLength(4);
  const places = {
    template: stack.template,
    logs: stack.logs.join('\n'),
    messages: [...stack.messages, ...stack.world.denials].join('\n'),
  };
  expect(places.logs).toContain('CredentialRefused');
  expect(places.messages).toContain('401');
  const found = Object.entries(places).flatMap(([place, text]) =>
    values.filter((value) => text.includes(value)).map((value) => `${value} in ${place}`),
  );
  expect(found).toEqual([]);
});

/** What is secret in the text of one: every member but those that only say whose it is. */
function valuesOf(text: string): readonly string[] {
  const members = JSON.parse(text) as Readonly<Record<string, string>>;
  return Object.entries(members).flatMap(([name, value]) => (/_id$/.test(name) ? [] : [value]));
}

/** As if the table had been restored from before the runs' ends, so that the sweep has all of them to deliver. */
async function reopenRuns({ world }: LocalDeployment): Promise<void> {
  const [table] = world.deployment.byType('AWS::DynamoDB::Table');
  const { Items: items } = (await world.dynamodb.call('Query', {
    TableName: table?.physicalId,
    KeyConditionExpression: '#stream = :stream AND begins_with(#item, :run)',
    ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
    ExpressionAttributeValues: { ':stream': { S: 'cis' }, ':run': { S: 'RUN#' } },
  })) as { Items: { run: { S: string }; startedAt: { N: string } }[] };
  for (const { run, startedAt } of items) {
    const done = { M: { s3: { N: '0' } } };
    const open = { stream: { S: 'cis' }, item: { S: `OPEN#${run.S}` }, run, startedAt, sealAfter: startedAt };
    await world.dynamodb.call('PutItem', {
      TableName: table?.physicalId,
      Item: { ...open, done, tries: { M: {} } },
    });
  }
}

function covers({ statement, action, resource }: (typeof justified)[number], grant: Grant): boolean {
  return (
    statement.test(grant.statement) &&
    action.test(grant.action) &&
    (resource === undefined || resource.test(grant.resource))
  );
}

function described({ statement, principal, action, resource }: Grant): string {
  return [statement, principal, action, resource].filter((part) => part !== undefined).join(' ');
}
