import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createVirtualClock, sandboxEnvironment, startRuntimeApi } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deployLocally, type LocalDeployment } from '../infra/local-deployment.ts';
import { install, tellSkipped, temporaryFolder } from './install.ts';

/**
 * The collector's bundle under AWS's own runtime client, in place of the stand-in that every other run uses. The
 * client is compiled when it is installed, which needs a C++ compiler, CMake and some minutes.
 */
const version = '4.0.2';
const folder = temporaryFolder();
const program = join(folder, 'node_modules/aws-lambda-ric/index.mjs');
const { missing } = await install(
  'npm',
  ['install', `aws-lambda-ric@${version}`, '--prefix', folder],
  folder,
);
tellSkipped(`aws-lambda-ric ${version}`, missing, folder);
let stack: LocalDeployment | undefined;

beforeAll(async () => {
  // The client tells the function the machine's time, so everything else keeps to that too.
  if (missing === undefined) {
    const clock = createVirtualClock({ mode: 'real' });
    stack = await deployLocally({ settings: { streams: [{ id: 'relay-cis', type: 'cis' }] }, clock });
  }
});
afterAll(() => stack?.close());

test.skipIf(missing !== undefined)('the collector collects and delivers under aws-lambda-ric', async () => {
  const { world, simulator } = stack!;
  simulator.generate('cis', 250);

  const { result, output } = await invokeOnce(stack!, { task: 'collect' });

  expect(result, output).toMatchObject({ failed: false });
  expect(output).toMatch(/"message":"ended".*"outcome":"drained".*"events":250/);
  expect(output).toMatch(/"EventsCollected":250/);
  expect(simulator.streams()).toMatchObject([{ id: 'relay-cis', backlog: 0 }]);
  expect(world.denials).toEqual([]);
});

/** Starts the client as Lambda would and gives it one event. */
async function invokeOnce({ world }: LocalDeployment, event: object) {
  const { functionArn } = world.streams[0]!;
  const { definition } = world.lambda.functions.find(functionArn);
  const ready = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<{ readonly failed: boolean; readonly body: string }>();
  const api = await startRuntimeApi({
    onReady: ready.resolve,
    onInitError: (body) => answered.resolve({ failed: true, body }),
    onResult: answered.resolve,
  });
  const env = sandboxEnvironment(definition, {
    region: world.region,
    gatewayUrl: world.gatewayUrl,
    runtimeApi: api.address,
    logStream: '2026/03/01/[$LATEST]0',
    credentials: world.identities.issue(definition.roleArn),
  });
  const child = spawn(process.execPath, [program, definition.handler], { env, cwd: definition.codeDir });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.once('close', () => answered.resolve({ failed: true, body: 'the client ended' }));
  try {
    await Promise.race([ready.promise, answered.promise]);
    api.deliver({
      requestId: crypto.randomUUID(),
      body: JSON.stringify(event),
      deadline: Date.now() + definition.timeoutSeconds * 1_000,
      invokedArn: functionArn,
      traceId: 'Root=1-65e1a000-000000000000000000000000;Sampled=0',
      clockOffsetMs: 0,
    });
    return { result: await answered.promise, output };
  } finally {
    child.kill('SIGKILL');
    await closed;
    api.close();
  }
}
