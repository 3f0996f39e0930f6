import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteStack, deployStack } from '../../../aws/cloudformation/deploy.ts';
import type { Deployment } from '../../../aws/cloudformation/deployment.ts';
import {
  customResource,
  customResourceCode,
  functionResources,
  type StackFixture,
  startAt,
  startStackFixture,
} from './stack-fixture.ts';

interface Asked {
  readonly RequestType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
}

let fixture: StackFixture;
const asked: Asked[] = [];
beforeEach(async () => {
  asked.length = 0;
  fixture = await startStackFixture({
    lambda: { onLog: (_, line) => line.startsWith('{') && asked.push(JSON.parse(line) as Asked) },
    hosts: { 'https://api.example.com': 'http://127.0.0.1:1' },
  });
});
afterEach(() => fixture.close());

const deploy = async (resources: object, others: object = {}) =>
  deployStack(fixture.stack({ Resources: resources, ...others }), fixture.account);
const questions = () =>
  asked.map((event) =>
    `${event.RequestType} ${event.LogicalResourceId} ${event.PhysicalResourceId ?? ''}`.trim(),
  );
const withFunction = (resources: object, changes?: object) => ({
  ...resources,
  ...functionResources(customResourceCode, changes),
});

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  },
};
const schedule = {
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    ScheduleExpression: 'rate(1 hour)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Input: '{"ResourceProperties":{"Answer":"nothing"}}',
    },
  },
};
const deliveryStream = {
  Type: 'AWS::KinesisFirehose::DeliveryStream',
  Properties: {
    DeliveryStreamType: 'DirectPut',
    ExtendedS3DestinationConfiguration: {
      BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
      RoleARN: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  },
};

test('what a template declares is created, in the order of its references, and its outputs resolved', async () => {
  const deployment = await deploy(
    withFunction({
      Thing: customResource({ Id: { Ref: 'Table' }, Size: 5, On: true }, { DependsOn: 'Bucket' }),
      Stream: deliveryStream,
      Table: table,
      Bucket: { Type: 'AWS::S3::Bucket' },
      Schedule: schedule,
    }),
    { Outputs: { Value: { Value: { 'Fn::GetAtt': ['Thing', 'Value'] } } } },
  );

  const { physicalId: name, arn } = deployment.get('Table');
  expect(arn).toBe(`arn:aws:dynamodb:us-east-1:123456789012:table/${name}`);
  expect(await fixture.account.dynamodb.call('DescribeTable', { TableName: name })).toHaveProperty('Table');
  expect(fixture.account.firehose.names).toEqual([deployment.get('Stream').physicalId]);
  expect(deployment.outputs).toEqual({ Value: `${name}!` });
  expect(asked[0]).toMatchObject({
    RequestType: 'Create',
    ResourceProperties: { Id: name, Size: '5', On: 'true' },
  });
  const order = [...deployment.resources.keys()];
  expect(order.indexOf('Bucket')).toBeLessThan(order.indexOf('Thing'));
});

test('a schedule of the template fires its function, and only after the start', async () => {
  await deploy(withFunction({ Schedule: schedule }));
  const { clock, scheduler } = fixture.account;
  expect(clock.next()).toBeUndefined();

  scheduler.start();
  await clock.runUntil(() => asked.length > 0, startAt + 7_200_000);

  expect(asked).toHaveLength(1);
});

test('a type, a property or a section that is not known is refused by name', async () => {
  await expect(deploy({ Thing: { Type: 'AWS::EC2::Instance' } })).rejects.toThrow('AWS::EC2::Instance');
  await expect(deploy(withFunction({}, { FileSystemConfigs: [] }))).rejects.toThrow('FileSystemConfigs');
  await expect(deploy(withFunction({}, { Runtime: 'python3.13' }))).rejects.toThrow('python3.13');
  await expect(deploy({}, { Transform: 'AWS::Serverless' })).rejects.toThrow('Transform');
  await expect(deploy({ A: { ...table, CreationPolicy: {} } })).rejects.toThrow('A.CreationPolicy');
  await expect(deploy({ A: { ...table, DependsOn: 'B' }, B: { ...table, DependsOn: 'A' } })).rejects.toThrow(
    'A → B → A',
  );
});

test('an address in an environment becomes that of its stand-in, and one without is refused by name', async () => {
  const variables = (url: string) => ({ Environment: { Variables: { URLS: `{"a":"${url}/x"}` } } });

  const deployment = await deploy(withFunction({}, variables('https://api.example.com')));
  const { definition } = fixture.account.lambda.functions.find(deployment.get('Function').physicalId);
  expect(definition.environment.URLS).toBe('{"a":"http://127.0.0.1:1/x"}');

  await expect(deploy(withFunction({}, variables('https://elsewhere.example.com')))).rejects.toThrow(
    'Function.Environment.URLS names https://elsewhere.example.com',
  );
});

test('a custom resource that fails undoes the deployment, itself included, in reverse order', async () => {
  const resources = withFunction({
    First: customResource({ Id: 'first' }),
    Kept: customResource({ Id: 'kept' }, { DeletionPolicy: 'Retain' }),
    Last: customResource({ Id: 'last', Answer: 'fail' }, { DependsOn: ['First', 'Kept'] }),
  });

  await expect(deploy(resources)).rejects.toThrow('Last (Custom::Thing): planted');

  expect(questions()).toEqual([
    'Create First',
    'Create Kept',
    'Create Last',
    'Delete Last last',
    'Delete First first',
  ]);
});

test('a creation that never answered is deleted by an id that its function did not give', async () => {
  const resources = withFunction({
    Thing: customResource({ Id: 'x', Answer: 'nothing', ServiceTimeout: 60 }),
  });

  await expect(deploy(resources)).rejects.toThrow('within 60 s');

  const deletion = asked.find(({ RequestType }) => RequestType === 'Delete');
  expect(deletion?.PhysicalResourceId).toMatch(/^.{10,}$/);
  expect(deletion?.PhysicalResourceId).not.toBe('x');
});

test('a custom resource that never answers fails when its time is up, on the clock', async () => {
  const resources = withFunction({
    Thing: customResource({ Id: 'x', Answer: 'nothing', ServiceTimeout: 1200 }),
  });

  // The deletion that undoes it gets no answer either.
  await expect(deploy(resources)).rejects.toThrow('within 1200 s');

  // Each event is tried three times, as Lambda does with asynchronous events.
  expect(questions().filter((question) => question === 'Create Thing')).toHaveLength(3);
});

test('an answer that is not to the question asked is refused', async () => {
  const resources = withFunction({ Thing: customResource({ Id: 'x', WrongId: 'Other' }) });

  await expect(deploy(resources)).rejects.toThrow('LogicalResourceId is not that of the request');
});

test('an unchanged update asks nobody anything', async () => {
  const resources = withFunction({ Thing: customResource({ Id: 'x' }), Table: table });
  const previous = await deploy(resources);

  const next = await deployStack(fixture.stack({ Resources: resources }), fixture.account, { previous });

  expect(questions()).toEqual(['Create Thing']);
  expect(next.get('Table').physicalId).toBe(previous.get('Table').physicalId);
});

test('a changed custom resource is updated, and one that gets a new id has its old self removed at the end', async () => {
  const previous = await deploy(
    withFunction({ Thing: customResource({ Id: 'x', Size: 1 }), Other: customResource({ Id: 'y' }) }),
  );
  const changed = withFunction({
    Thing: customResource({ Id: 'z', Size: 2 }),
    Other: customResource({ Id: 'y', Size: 1 }),
  });

  await deployStack(fixture.stack({ Resources: changed }), fixture.account, { previous });

  expect(questions().slice(2)).toEqual(['Update Thing x', 'Update Other y', 'Delete Thing x']);
  expect(asked[2]).toMatchObject({ ResourceProperties: { Size: '2' }, OldResourceProperties: { Size: '1' } });
  expect(asked[4]).toMatchObject({ ResourceProperties: { Id: 'x', Size: '1' } });
});

test('what is taken out of the template is removed, unless its policy retains it', async () => {
  const previous = await deploy(
    withFunction({
      Gone: customResource({ Id: 'gone' }),
      Kept: customResource({ Id: 'kept' }, { DeletionPolicy: 'Retain' }),
      Bucket: { Type: 'AWS::S3::Bucket' },
      Stream: deliveryStream,
      KeptStream: { ...deliveryStream, DeletionPolicy: 'Retain' },
      Schedule: schedule,
    }),
  );

  const next = await deployStack(fixture.stack({ Resources: withFunction({}) }), fixture.account, {
    previous,
  });

  expect(questions().slice(2)).toEqual(['Delete Gone gone']);
  expect(fixture.account.firehose.names).toEqual([previous.get('KeptStream').physicalId]);
  expect(fixture.account.scheduler.schedules).toEqual([]);
  expect([...next.resources.keys()].toSorted()).toEqual(['Function', 'Role']);
});

test('a resource whose name changes is replaced, the old one removed or kept as its policy says', async () => {
  const named = (name: string, policy: string) => ({
    ...deliveryStream,
    Properties: { ...deliveryStream.Properties, DeliveryStreamName: name },
    UpdateReplacePolicy: policy,
  });
  const resources = (suffix: string) =>
    withFunction({
      Bucket: { Type: 'AWS::S3::Bucket' },
      Kept: named(`kept-${suffix}`, 'Retain'),
      Gone: named(`gone-${suffix}`, 'Delete'),
    });
  const previous = await deploy(resources('1'));

  await deployStack(fixture.stack({ Resources: resources('2') }), fixture.account, { previous });

  expect([...fixture.account.firehose.names].toSorted()).toEqual(['gone-2', 'kept-1', 'kept-2']);
});

test('an update that fails goes back to what was before', async () => {
  const previous = await deploy(withFunction({ Thing: customResource({ Id: 'x', Size: 1 }) }));
  const changed = withFunction({
    Thing: customResource({ Id: 'x', Size: 2 }),
    New: customResource({ Id: 'new' }, { DependsOn: 'Thing' }),
    Bad: customResource({ Id: 'bad', Answer: 'fail' }, { DependsOn: 'New' }),
  });

  await expect(
    deployStack(fixture.stack({ Resources: changed }), fixture.account, { previous }),
  ).rejects.toThrow('Bad');

  expect(questions().slice(1)).toEqual([
    'Update Thing x',
    'Create New',
    'Create Bad',
    'Delete Bad bad',
    'Delete New new',
    'Update Thing x',
  ]);
  expect(asked.at(-1)).toMatchObject({
    ResourceProperties: { Size: '1' },
    OldResourceProperties: { Size: '2' },
  });
});

test('an update that cannot be undone says so, beside what failed first', async () => {
  const previous = await deploy(withFunction({ Thing: customResource({ Id: 'x', Answer: 'fail-update' }) }));
  const changed = withFunction({
    Thing: customResource({ Id: 'x', Answer: 'ok' }),
    Bad: customResource({ Id: 'bad', Answer: 'fail' }, { DependsOn: 'Thing' }),
  });

  await expect(
    deployStack(fixture.stack({ Resources: changed }), fixture.account, { previous }),
  ).rejects.toThrow('Bad (Custom::Thing): planted; and undoing failed: Thing (Custom::Thing): planted');
});

test('a rollback that fails leaves a stack that takes no update any more', async () => {
  const previous = await deploy(withFunction({ Thing: customResource({ Id: 'x', Answer: 'fail-update' }) }));
  const changed = withFunction({
    Thing: customResource({ Id: 'x', Answer: 'ok' }),
    Bad: customResource({ Id: 'bad', Answer: 'fail' }, { DependsOn: 'Thing' }),
  });
  const left: Deployment[] = [];
  const onRollbackFailed = (deployment: Deployment) => void left.push(deployment);
  const update = (before: Deployment) =>
    deployStack(fixture.stack({ Resources: changed }), fixture.account, {
      previous: before,
      onRollbackFailed,
    });

  await expect(update(previous)).rejects.toThrow('undoing failed');
  expect(left.map(({ status }) => status)).toEqual(['UPDATE_ROLLBACK_FAILED']);
  await expect(update(left[0]!)).rejects.toThrow(
    /^ValidationError: Stack:arn:.* is in UPDATE_ROLLBACK_FAILED state and can not be updated/,
  );
});

test('a deployed function runs its new code after an update, and no longer the old', async () => {
  const code = (text: string) => ({
    ...functionResources(`exports.handler = async () => '${text}'`),
  });
  const previous = await deploy(code('old'));
  const { physicalId } = previous.get('Function');
  const { lambda } = fixture.account;
  expect((await lambda.invoke(physicalId, {}, { kind: 'sync' })).payload).toBe('old');

  await deployStack(fixture.stack({ Resources: code('new') }), fixture.account, { previous });

  expect(lambda.sandboxes()).toEqual([]);
  expect((await lambda.invoke(physicalId, {}, { kind: 'sync' })).payload).toBe('new');
});

test('an asset is run as a folder of its own, with the settings of its events', async () => {
  const { Function: original, Role } = functionResources('');
  const { Properties } = original as { Properties: object };
  const template = {
    Resources: {
      Role,
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { ...Properties, Code: { S3Bucket: 'assets', S3Key: 'abc.zip' } },
      },
      Settings: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Function' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
          MaximumEventAgeInSeconds: 60,
        },
      },
    },
  };
  const files = { 'index.mjs': 'export const handler = async (_, context) => context.functionVersion' };

  const deployment = await deployStack(fixture.stack(template, { 'abc.zip': files }), fixture.account);

  const { physicalId } = deployment.get('Function');
  expect(fixture.account.lambda.functions.find(physicalId).asynchronous).toMatchObject({
    maxRetries: 0,
    maxEventAgeSeconds: 60,
  });
  expect((await fixture.account.lambda.invoke(physicalId, {}, { kind: 'sync' })).payload).toBe('$LATEST');
});

test('a nested stack gets its parameters, gives its outputs, and is removed with what is in it', async () => {
  const inner = JSON.stringify({
    Parameters: { Name: { Type: 'String' } },
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'Name' } } } },
    Outputs: { Arn: { Value: { Ref: 'Topic' } } },
  });
  const template = {
    Resources: {
      Inner: {
        Type: 'AWS::CloudFormation::Stack',
        Properties: {
          TemplateURL: { 'Fn::Sub': `https://s3.\${AWS::Region}/assets/inner.json` },
          Parameters: { Name: 'alerts' },
        },
      },
    },
    Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Inner', 'Outputs.Arn'] } } },
  };

  const deployment = await deployStack(fixture.stack(template, { 'inner.json': inner }), fixture.account);

  expect(deployment.outputs.Arn).toBe('arn:aws:sns:us-east-1:123456789012:alerts');
  expect(deployment.byType('AWS::SNS::Topic')).toHaveLength(1);
});

test('deleting the stack removes in reverse order what its policies do not keep', async () => {
  const deployment = await deploy(
    withFunction({
      First: customResource({ Id: 'first' }),
      Second: customResource({ Id: 'second' }, { DependsOn: 'First' }),
      Kept: { ...table, DeletionPolicy: 'Retain' },
    }),
  );

  const kept = await deleteStack(deployment, fixture.account);

  expect(questions().slice(2)).toEqual(['Delete Second second', 'Delete First first']);
  expect(kept.map(({ logicalId }) => logicalId)).toEqual(['Kept']);
  expect(() => fixture.account.lambda.functions.find('Function')).toThrow('ResourceNotFoundException');
});
