import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { stackNameOf } from '../../infra/config/names.ts';
import { CommandError } from '../command.ts';
import type { FoundFunction, FoundStack } from './assemble-relay.ts';
import type { Connection } from './deployed-relay.ts';
import { explainingFailure } from './explain-failure.ts';
import { NoRegion } from './no-region.ts';

/**
 * Finds a stage's stack by the ordinary credential chain: its resources, and its functions' settings.
 *
 * @param region absent for the chain's own
 * @throws {CommandError} without credentials or region, or where there is no such stack
 */
export async function stackOnAws(stage: string, region: string | undefined): Promise<FoundStack> {
  const stackName = stackNameOf(stage);
  const cloudFormation = new CloudFormationClient(region === undefined ? {} : { region });
  const connection = { region: await regionOf(cloudFormation, stackName) };
  const lambda = new LambdaClient(connection);
  const sts = new STSClient(connection);
  const looked = { sought: `stack ${stackName}`, where: connection.region };
  try {
    return await explainingFailure(looked, async () => {
      const { Account: account = 'unknown' } = await sts.send(new GetCallerIdentityCommand({}));
      const place = `stack ${stackName} in ${connection.region} of account ${account}`;
      const outputs = await outputsOf(cloudFormation, stackName, place);
      const resources = await resourcesOf(cloudFormation, stackName);
      const names = resources.filter(isFunction).map(({ PhysicalResourceId: id }) => id!);
      return {
        stage,
        place,
        stackName,
        account,
        table: outputs.TableName ?? missing('TableName', place),
        bucket: outputs.BucketName ?? missing('BucketName', place),
        costAtRest: outputs.CostAtRest,
        functions: await Promise.all(names.map((name) => functionOf(lambda, name))),
        schedules: resources.filter(isSchedule).map(({ PhysicalResourceId: name }) => ({
          name: name!,
          group: stackName,
        })),
        connection,
        now: Date.now,
      };
    });
  } finally {
    for (const client of [cloudFormation, lambda, sts]) client.destroy();
  }
}

/** @throws {NoRegion} where neither the client nor the profile has one */
export async function regionOf(
  client: CloudFormationClient,
  stackName: string,
): Promise<Connection['region']> {
  try {
    return await client.config.region();
  } catch {
    throw new NoRegion(stackName);
  }
}

async function outputsOf(
  client: CloudFormationClient,
  stackName: string,
  place: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return Object.fromEntries(
      outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ValidationError')) throw error;
    throw new CommandError(
      `there is no ${place}; see whether --stage, --region and the credentials are those it was deployed with`,
    );
  }
}

function missing(output: string, place: string): never {
  throw new CommandError(
    `${place} has no output ${output}; wait until its deploy is over, or deploy it again`,
  );
}

async function resourcesOf(
  client: CloudFormationClient,
  stackName: string,
): Promise<readonly StackResourceSummary[]> {
  const resources: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    resources.push(...(page.StackResourceSummaries ?? []));
  }
  return resources.filter(
    ({ PhysicalResourceId: id, ResourceStatus: status }) =>
      // A resource that has left the stack may still be listed, also where it is kept.
      id !== undefined && status !== 'DELETE_COMPLETE' && status !== 'DELETE_SKIPPED',
  );
}

function isFunction({ ResourceType: type }: StackResourceSummary): boolean {
  return type === 'AWS::Lambda::Function';
}

function isSchedule({ ResourceType: type }: StackResourceSummary): boolean {
  return type === 'AWS::Scheduler::Schedule';
}

async function functionOf(lambda: LambdaClient, name: string): Promise<FoundFunction> {
  const { Environment, MemorySize } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: name }),
  );
  const found = {
    name,
    environment: Environment?.Variables ?? {},
    // Lambda's own default.
    memoryMb: MemorySize ?? 128,
  };
  if (found.environment.SINK === undefined) return { ...found, queueArns: [] };
  const { EventSourceMappings: sources = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ FunctionName: name }),
  );
  return { ...found, queueArns: sources.flatMap(({ EventSourceArn: arn }) => arn ?? []) };
}
