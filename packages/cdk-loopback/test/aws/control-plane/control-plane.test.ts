import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployStack } from '../../../aws/cloudformation/deploy.ts';
import { functionResources, type StackFixture, startStackFixture } from '../cloudformation/stack-fixture.ts';

let fixture: StackFixture;
let connection: { endpoint: string; region: string; credentials: ReturnType<typeof operator> };
const operator = () => fixture.account.identities.issueTo({ kind: 'operator' });

beforeAll(async () => {
  fixture = await startStackFixture();
  const code =
    'exports.handler = async (event) => { if (event.fail) throw new Error("planted"); return { got: event }; };';
  const template = {
    Resources: {
      ...functionResources(code, { FunctionName: 'collector', Environment: { Variables: { A: 'b' } } }),
      Tick: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          Name: 'cis-collect',
          GroupName: 'relay',
          ScheduleExpression: 'rate(5 minutes)',
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: {
            Arn: { 'Fn::GetAtt': ['Function', 'Arn'] },
            RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
            Input: '{"task":"collect"}',
          },
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms' } },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'soc@example.com' },
      },
    },
  };
  await deployStack(fixture.stack(template), fixture.account, { previous: undefined });
  connection = { endpoint: fixture.account.gateway.url, region: 'us-east-1', credentials: operator() };
});
afterAll(() => fixture.close());

describe('Scheduler', () => {
  const name = { Name: 'cis-collect', GroupName: 'relay' };

  test('a schedule is read back, switched off, and never fires while it is', async () => {
    const client = new SchedulerClient(connection);
    const found = await client.send(new GetScheduleCommand(name));
    const { FlexibleTimeWindow, ScheduleExpression, Target } = found;
    expect(found).toMatchObject({ State: 'ENABLED', ScheduleExpression: 'rate(5 minutes)' });

    const changed = { ...name, FlexibleTimeWindow, ScheduleExpression, Target, State: 'DISABLED' as const };
    await client.send(new UpdateScheduleCommand(changed));

    const { State, CreationDate, LastModificationDate } = await client.send(new GetScheduleCommand(name));
    expect(State).toBe('DISABLED');
    expect(LastModificationDate?.getTime()).toBeGreaterThanOrEqual(CreationDate?.getTime() ?? Infinity);
    expect(fixture.account.scheduler.schedules.map(({ enabled }) => enabled)).toEqual([false]);
  });

  test('what the local Scheduler does not know is refused by name and changes nothing', async () => {
    const client = new SchedulerClient(connection);
    const { Target } = await client.send(new GetScheduleCommand(name));
    const changed = {
      ...name,
      Target,
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'FLEXIBLE' as const, MaximumWindowInMinutes: 5 },
    };

    await expect(client.send(new UpdateScheduleCommand(changed))).rejects.toThrow(/MaximumWindowInMinutes/);

    expect((await client.send(new GetScheduleCommand(name))).ScheduleExpression).toBe('rate(5 minutes)');
  });

  test('a schedule that is not there is not found', async () => {
    const call = new SchedulerClient(connection).send(new GetScheduleCommand({ Name: 'none' }));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('Lambda', () => {
  const invoke = (payload: string, type?: 'Event') =>
    new LambdaClient(connection).send(
      new InvokeCommand({ FunctionName: 'collector', Payload: payload, InvocationType: type }),
    );

  test('an invocation answers what the function returned', async () => {
    const { Payload, FunctionError } = await invoke('{"task":"collect"}');

    expect(FunctionError).toBeUndefined();
    expect(JSON.parse(Payload!.transformToString())).toEqual({ got: { task: 'collect' } });
  });

  test('an invocation that failed says so beside its error', async () => {
    const { Payload, FunctionError } = await invoke('{"fail":true}');

    expect(FunctionError).toBe('Unhandled');
    expect(JSON.parse(Payload!.transformToString())).toMatchObject({ errorMessage: 'planted' });
  });

  test('an event is accepted before it is worked on', async () => {
    expect(await invoke('{}', 'Event')).toMatchObject({ StatusCode: 202 });
  });

  test('configuration and account limits can be read, and nothing else', async () => {
    const client = new LambdaClient(connection);

    expect(
      await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'collector' })),
    ).toMatchObject({ Environment: { Variables: { A: 'b' } }, FunctionName: 'collector' });
    expect(await client.send(new GetAccountSettingsCommand({}))).toMatchObject({
      AccountLimit: { ConcurrentExecutions: 1000 },
    });
    await expect(client.send(new ListFunctionsCommand({}))).rejects.toThrow(/no protocol that this gateway/);
  });

  test('a function that is not there is not found', async () => {
    const call = new LambdaClient(connection).send(new InvokeCommand({ FunctionName: 'other' }));

    await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

test('STS says whose credentials they are', async () => {
  const own = await new STSClient(connection).send(new GetCallerIdentityCommand({}));

  expect(own).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/local-operator/local',
  });
});

describe('SNS', () => {
  const TopicArn = 'arn:aws:sns:us-east-1:123456789012:alarms';

  test('a message to a topic is kept', async () => {
    await new SNSClient(connection).send(
      new PublishCommand({ TopicArn, Subject: 'try', Message: 'it & <works>' }),
    );

    expect(fixture.account.sns.published.at(-1)).toMatchObject({
      topicArn: TopicArn,
      subject: 'try',
      message: 'it & <works>',
    });
  });

  test('the subscriptions of the template are listed', async () => {
    const { Subscriptions } = await new SNSClient(connection).send(
      new ListSubscriptionsByTopicCommand({ TopicArn }),
    );

    expect(Subscriptions).toMatchObject([{ Protocol: 'email', Endpoint: 'soc@example.com' }]);
  });

  test('a topic that is not there is not found', async () => {
    const call = new SNSClient(connection).send(
      new PublishCommand({ TopicArn: `${TopicArn}-x`, Message: 'm' }),
    );

    await expect(call).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

test('unknown credentials are refused in every protocol', async () => {
  const wrong = { ...connection, credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' } };

  await expect(new STSClient(wrong).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
  });
  await expect(new SchedulerClient(wrong).send(new GetScheduleCommand({ Name: 'x' }))).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
});
