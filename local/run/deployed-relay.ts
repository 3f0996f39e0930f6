import type { Credentials } from '@mosaic-relay/cdk-loopback';
import { assembleRelay } from '../../cli/access/assemble-relay.ts';
import type { DeployedRelay } from '../../cli/access/deployed-relay.ts';
import { foundIn, type LocalDeployment } from '../../cli/access/local-deployment.ts';
import type { World } from '../world.ts';

/** Shows the run's own stage to an operator's command, so that the run can re-drive by the command's code. */
export function deployedRelay(world: World, stage: string): DeployedRelay {
  return assembleRelay(foundIn(describeWorld(world, stage, world.operatorCredentials()), world.clock.now));
}

/** Describes a run for the operator's commands. */
export function describeWorld(
  world: World,
  stage: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): LocalDeployment {
  const { deployment, lambda } = world;
  const sources = deployment.byType('AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
  return {
    version: 1,
    pid: process.pid,
    stage,
    stackName: deployment.stackName,
    account: deployment.accountId,
    connection: {
      region: world.region,
      endpoint: world.gatewayUrl,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    },
    table: String(deployment.outputs.TableName),
    bucket: String(deployment.outputs.BucketName),
    costAtRest: String(deployment.outputs.CostAtRest),
    functions: deployment.byType('AWS::Lambda::Function').map(({ arn = '' }) => {
      const { name, environment, memoryMb } = lambda.functions.find(arn).definition;
      const own = sources.filter(({ FunctionName }) => FunctionName === name || FunctionName === arn);
      const queueArns = own.map(({ EventSourceArn }) => String(EventSourceArn));
      return { name, environment, memoryMb, queueArns };
    }),
    schedules: deployment.byType('AWS::Scheduler::Schedule').map(({ properties }) => ({
      name: String(properties.Name),
      group: String(properties.GroupName),
    })),
    now: world.clock.now(),
  };
}
