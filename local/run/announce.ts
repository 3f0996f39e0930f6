import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalDeployment, localDeploymentFile } from '../../cli/access/local-deployment.ts';
import type { World } from '../world.ts';

/**
 * Tells the operator's commands (`--local`) of a run, in a file that is written anew every second and removed when
 * the run ends.
 *
 * @param out the folder of delivered objects
 */
export async function announce(world: World, options: { readonly stage: string; readonly out: string }) {
  const path = join(options.out, localDeploymentFile);
  const credentials = world.operatorCredentials();
  let writing = Promise.resolve();
  const write = (): void => {
    writing = writing.then(() =>
      replaceFile(path, JSON.stringify(describe(world, options.stage, credentials), undefined, 2)),
    );
  };
  write();
  await writing;
  const again = setInterval(write, 1_000);
  return {
    async end(): Promise<void> {
      clearInterval(again);
      await writing;
      await rm(path, { force: true });
    },
  };
}

export function describe(
  world: World,
  stage: string,
  { accessKeyId, secretAccessKey, sessionToken }: ReturnType<World['operatorCredentials']>,
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
    functions: deployment.byType('AWS::Lambda::Function').map(({ arn = '' }) => {
      const { name, environment } = lambda.functions.find(arn).definition;
      const own = sources.filter(({ FunctionName }) => FunctionName === name || FunctionName === arn);
      return { name, environment, queueArns: own.map(({ EventSourceArn }) => String(EventSourceArn)) };
    }),
    schedules: deployment.byType('AWS::Scheduler::Schedule').map(({ properties }) => ({
      name: String(properties.Name),
      group: String(properties.GroupName),
    })),
    now: world.clock.now(),
  };
}

/** In one step, so that nobody reads half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
