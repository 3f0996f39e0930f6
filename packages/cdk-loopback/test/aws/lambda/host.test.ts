import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Invocation } from '../../../aws/lambda/function-definition.ts';
import type { LambdaHostOptions } from '../../../aws/lambda/host.ts';
import type { InvocationInterference } from '../../../aws/lambda/invocation-order.ts';
import { type HostFixture, startAt, startHost } from './function-fixture.ts';

const fixtures: HostFixture[] = [];
const start = (options?: Partial<LambdaHostOptions>) => {
  const fixture = startHost(options);
  fixtures.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});
const sync = { kind: 'sync' } as const;
const counting = 'let calls = 0; export const handler = async () => [process.pid, ++calls]';
const hanging = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60000))';

test.each([
  ['an ES module', 'index.mjs', 'export const handler = async (event) => event.n + 1'],
  ['a CommonJS module', 'index.js', 'exports.handler = async (event) => event.n + 1'],
  ['a CommonJS module that says so', 'index.cjs', 'exports.handler = async (event) => event.n + 1'],
])('%s is run', async (_, file, source) => {
  const { host, add } = start();
  const { arn } = add(source, { file });

  const invocation = await host.invoke(arn, { n: 1 }, sync);

  expect(invocation).toMatchObject({ status: 'ok', payload: 2, kind: 'sync', event: { n: 1 } });
});

test('a handler finds the documented context', async () => {
  const { host, add } = start();
  const { arn } = add(`export const handler = async (event, context) => ({
    ...context, left: context.getRemainingTimeInMillis(), date: Date.now() })`);

  const { payload, requestId } = await host.invoke(arn, {}, sync);

  expect(payload).toMatchObject({
    functionName: 'function-1',
    functionVersion: '$LATEST',
    invokedFunctionArn: arn,
    memoryLimitInMB: '256',
    awsRequestId: requestId,
    logGroupName: '/aws/lambda/function-1',
  });
  const { left, date } = payload as { left: number; date: number };
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(30_000);
  expect(date).toBeGreaterThanOrEqual(startAt);
  expect(date).toBeLessThan(startAt + 3_600_000);
});

test("a function's environment is the template's and Lambda's, and nothing of the runner's", async () => {
  process.env.OF_THE_RUNNER = 'here';
  const { host, add } = start();
  const { arn } = add('export const handler = async () => process.env', { environment: { MINE: 'yes' } });

  const { payload } = await host.invoke(arn, {}, sync);

  delete process.env.OF_THE_RUNNER;
  const names = Object.keys(payload as object);
  expect(payload).toMatchObject({ MINE: 'yes', AWS_ACCESS_KEY_ID: 'key-of-role', AWS_REGION: 'us-east-1' });
  expect(names).not.toContain('OF_THE_RUNNER');
  const others = names.filter(
    (name) => !/^(AWS|LAMBDA)_|^(_HANDLER|_X_AMZN_TRACE_ID|TZ|LANG|PATH|HOME|MINE)$/.test(name),
  );
  expect(others).toEqual([]);
});

test('an error comes in the shape that Lambda gives it, and the process is used again', async () => {
  const { host, add } = start();
  const { arn } = add(`let calls = 0;
    export const handler = async () => { if (++calls === 1) throw new TypeError('planted'); return calls }`);

  const failed = await host.invoke(arn, {}, sync);
  const after = await host.invoke(arn, {}, sync);

  expect(failed).toMatchObject({
    status: 'error',
    payload: { errorType: 'TypeError', errorMessage: 'planted' },
  });
  expect((failed.payload as { trace: string[] }).trace[0]).toBe('TypeError: planted');
  expect(after.payload).toBe(2);
});

test('a process is kept warm, and invocations at the same time get one each', async () => {
  const { host, add } = start();
  const { arn } = add(`let calls = 0; export const handler = async (event) => {
    await new Promise((resolve) => setTimeout(resolve, event.wait ?? 0)); return [process.pid, ++calls] }`);

  const [first, second] = await Promise.all([
    host.invoke(arn, { wait: 50 }, sync),
    host.invoke(arn, { wait: 50 }, sync),
  ]);
  const third = await host.invoke(arn, {}, sync);

  const pids = [first, second].map(({ payload }) => (payload as number[])[0]);
  expect(new Set(pids).size).toBe(2);
  expect(pids).toContain((third.payload as number[])[0]);
  expect((third.payload as number[])[1]).toBe(2);
  expect([first.initDurationMs === undefined, third.initDurationMs === undefined]).toEqual([false, true]);
});

test('a function that passes its timeout is killed, and the next invocation gets a new process', async () => {
  const { host, add } = start();
  const { arn } = add(
    `let calls = 0; export const handler = (event) => ++calls && event.hang ? new Promise(() => setTimeout(() => {}, 60000)) : calls`,
    { timeoutSeconds: 0.3 },
  );

  const hung = await host.invoke(arn, { hang: true }, sync);
  const after = await host.invoke(arn, {}, sync);

  expect(hung).toMatchObject({ status: 'timeout', payload: { errorType: 'Sandbox.Timedout' } });
  expect(after).toMatchObject({ status: 'ok', payload: 1 });
});

test('a sandbox that is killed in the midst of its work ends the invocation as crashed', async () => {
  const { host, add } = start();
  const { arn } = add(`${hanging}; console.log('up')`);

  const pending = host.invoke(arn, {}, sync);
  let victim = host.sandboxes()[0];
  while (victim?.requestId === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    victim = host.sandboxes()[0];
  }
  host.kill(victim.id, 'killed');

  const invocation = await pending;
  expect(invocation).toMatchObject({
    status: 'crashed',
    payload: {
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${invocation.requestId} Error: Runtime exited with error: signal: killed`,
    },
  });
  expect(host.sandboxes()).toEqual([]);
});

test.each([
  ['exits', 'process.exit(3)', 'crashed', 'Runtime.ExitError'],
  [
    'rejects outside its handler',
    'Promise.reject(new Error("loose")); await new Promise(() => setTimeout(() => {}, 9e4))',
    'error',
    'Runtime.UnhandledPromiseRejection',
  ],
  [
    'takes more heap than its memory',
    'const all = []; for (;;) all.push(new Array(1e5).fill(all.length))',
    'crashed',
    expect.stringMatching(/^Runtime\.(ExitError|OutOfMemory)$/),
  ],
  [
    'holds more memory outside the heap',
    'globalThis.kept = Buffer.alloc(300e6, 1)',
    'crashed',
    'Runtime.OutOfMemory',
  ],
])('a function that %s fails as Lambda would say it', async (_, body, status, errorType) => {
  const { host, add } = start();
  const { arn } = add(`export const handler = async () => { ${body} }`);

  const invocation = await host.invoke(arn, {}, sync);
  const sandboxes = host.sandboxes();

  expect(invocation).toMatchObject({ status, payload: { errorType } });
  expect(sandboxes).toEqual([]);
});

test.runIf(existsSync('/proc/self/status'))(
  'a function that takes more memory is killed while it works, not when it ends',
  async () => {
    const { host, add } = start();
    const { arn } = add(
      'export const handler = () => { globalThis.kept = Buffer.alloc(300e6, 1); return new Promise(() => setTimeout(() => {}, 9e4)); }',
    );

    const invocation = await host.invoke(arn, {}, sync);

    expect(invocation).toMatchObject({ status: 'crashed', payload: { errorType: 'Runtime.OutOfMemory' } });
  },
);

test.each([
  ['throws while it loads', 'throw new RangeError("planted")', {}, 'RangeError'],
  ['has no such file', '', { handler: 'absent.handler' }, 'Runtime.ImportModuleError'],
  ['has no such export', '', { handler: 'index.absent' }, 'Runtime.HandlerNotFound'],
  [
    'answers by callback',
    'export const handler = (a, b, c) => c(null, 1)',
    {},
    'Runtime.CallbackHandlerDeprecated',
  ],
])('a function that %s does not start', async (_, source, changes, errorType) => {
  const { host, add } = start();
  const { arn } = add(source, changes);

  expect(await host.invoke(arn, {}, sync)).toMatchObject({ status: 'crashed', payload: { errorType } });
});

test('lines are collected per invocation, to the last, and told as they come', async () => {
  const told: string[] = [];
  const { host, add } = start({ onLog: (name, line) => told.push(`${name}: ${line}`) });
  const { arn } = add(`export const handler = async (event) => {
    console.log('out ' + event.n); console.error('err ' + event.n); process.stdout.write('no end of line') }`);

  const first = await host.invoke(arn, { n: 1 }, sync);
  const second = await host.invoke(arn, { n: 2 }, sync);

  expect(first.logs.toSorted()).toEqual(['err 1', 'no end of line', 'out 1']);
  expect(second.logs.toSorted()).toEqual(['err 2', 'no end of line', 'out 2']);
  expect(told).toContain('function-1: out 2');
});

test("the peak of memory is the process's own, not that of who started it", async () => {
  const ballast = Buffer.alloc(400e6, 1);
  const { host, add } = start();
  const { arn } = add(counting);

  const { maxRssMb } = await host.invoke(arn, {}, sync);

  expect(ballast.length).toBe(400e6);
  expect(maxRssMb).toBeGreaterThan(20);
  expect(maxRssMb).toBeLessThan(200);
});

test('a skewed sandbox has the time wrong, and as much of it left as any other', async () => {
  const { host, add } = start({ beforeInvoke: (): InvocationInterference => ({ skewMs: -7_200_000 }) });
  const { arn } = add(
    'export const handler = async (_, context) => [Date.now(), context.getRemainingTimeInMillis()]',
  );

  const { payload } = await host.invoke(arn, {}, sync);

  const [now, left] = payload as [number, number];
  expect(now).toBeLessThan(startAt - 3_600_000);
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(30_000);
});

test('the clock of a warm sandbox follows the jumps', async () => {
  const { clock, host, add } = start();
  const { arn } = add('export const handler = async () => Date.now()');
  await host.invoke(arn, {}, sync);

  clock.at(startAt + 86_400_000, () => {});
  await clock.advance();

  expect((await host.invoke(arn, {}, sync)).payload).toBeGreaterThanOrEqual(startAt + 86_400_000);
});

test('what a handler left running wakes in the next invocation of a frozen sandbox', async () => {
  const { host, add } = start({ freeze: true });
  const { arn } = add(`let late = false; export const handler = async (event) => {
    if (event.leave) { setTimeout(() => { late = true }, 1); return 'left' }
    const seen = late; while (!late) await new Promise((resolve) => setTimeout(resolve, 1)); return seen }`);

  const left = await host.invoke(arn, { leave: true }, sync);
  const woken = await host.invoke(arn, {}, sync);

  expect([left.payload, woken.status]).toEqual(['left', 'ok']);
});

test('an asynchronous event that fails is tried again after one minute and after two, then given up', async () => {
  const ended: Invocation[] = [];
  const { clock, host, add } = start({ onInvocation: (invocation) => ended.push(invocation) });
  const { arn } = add('export const handler = async () => { throw new Error("planted") }');

  await host.invoke(arn, {}, { kind: 'async' });
  await clock.runUntil(() => false, startAt + 86_400_000);

  expect(ended.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  const starts = ended.map(({ startedAt }) => Math.floor((startedAt - startAt) / 60_000));
  expect(starts).toEqual([0, 1, 3]);
  expect(new Set(ended.map(({ requestId }) => requestId)).size).toBe(1);
});

test('an event that failed for good goes to the dead-letter queue', async () => {
  const sent: { arn: string; message: unknown }[] = [];
  const { clock, host, add } = start({
    sendTo: async (_, arn, message) => {
      sent.push({ arn, message });
    },
  });
  const { arn } = add('export const handler = async () => { throw new Error("planted") }', {
    deadLetterArn: 'arn:aws:sqs:us-east-1:123456789012:dead',
  });
  host.functions.setAsync(arn, '$LATEST', { maxRetries: 0, maxEventAgeSeconds: 60 });

  await host.invoke(arn, { n: 1 }, { kind: 'async' });
  await clock.runUntil(() => false, startAt + 3_600_000);

  expect(sent).toEqual([{ arn: 'arn:aws:sqs:us-east-1:123456789012:dead', message: { n: 1 } }]);
});

test('beyond its reserved concurrency a function is throttled, and events wait', async () => {
  const ended: Invocation[] = [];
  const { clock, host, add } = start({ onInvocation: (invocation) => ended.push(invocation) });
  const { arn } = add(
    'export const handler = async () => new Promise((resolve) => setTimeout(resolve, 50))',
    {
      reservedConcurrency: 1,
    },
  );

  await host.invoke(arn, {}, { kind: 'async' });
  await host.invoke(arn, {}, { kind: 'async' });
  await clock.runUntil(() => false, startAt + 60_000);

  const statuses = ended.map(({ status }) => status);
  // On a machine that is busy the first one is still at work when the second one is tried again.
  expect(statuses[0]).toBe('throttled');
  expect(statuses.filter((status) => status !== 'throttled')).toEqual(['ok', 'ok']);
});

test('a function that is not there, or a payload above the limit, is refused', async () => {
  const { host, add } = start();
  const { arn } = add(counting);

  await expect(host.invoke('absent', {}, sync)).rejects.toThrow('ResourceNotFoundException');
  await expect(host.invoke(`${arn}:live`, {}, sync)).rejects.toThrow('ResourceNotFoundException');
  await expect(host.invoke(arn, 'x'.repeat(2 ** 20), { kind: 'async' })).rejects.toThrow('RequestTooLarge');
  expect(host.sandboxes()).toEqual([]);
});
