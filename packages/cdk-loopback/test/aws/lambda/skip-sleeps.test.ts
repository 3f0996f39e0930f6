import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { holdCall } from '../../../clock/hold-call.ts';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import { type HostFixture, startAt, startHost } from './function-fixture.ts';

const fixtures: HostFixture[] = [];
const start = () => {
  const fixture = startHost({ skipSleeps: true });
  fixtures.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});
const sync = { kind: 'sync' } as const;
const tenMinutes = 600_000;
const sleep = 'const sleep = (ms, value) => new Promise((wake) => setTimeout(wake, ms, value));';
/** A handler that says what was first: this, or ten minutes. */
const first = (other: string) => `${sleep}
  export const handler = () => Promise.race([sleep(${tenMinutes}, 'ten minutes'), ${other}])`;

test('while all that run only sleep, the clock goes on to who is to wake first', async () => {
  const { host, clock, add } = start();
  const { arn } = add(
    `${sleep} export const handler = async ({ ms }) => { await sleep(ms); await sleep(ms); return Date.now() }`,
    { timeoutSeconds: 900 },
  );

  const [long, short] = await Promise.all([
    host.invoke(arn, { ms: 400_000 }, sync),
    host.invoke(arn, { ms: 300_000 }, sync),
  ]);

  expect([long.status, short.status]).toEqual(['ok', 'ok']);
  expect(long.payload).toBeGreaterThanOrEqual(startAt + 800_000);
  expect(long.payload).toBeLessThan(startAt + 860_000);
  expect(short.payload).toBeGreaterThanOrEqual(startAt + 600_000);
  expect(short.payload).toBeLessThan(startAt + 660_000);
  expect(clock.now()).toBeGreaterThanOrEqual(startAt + 800_000);
});

test('timers of the clock fire on the way', async () => {
  const { host, clock, add } = start();
  const { arn } = add(first('sleep(500_000)'), { timeoutSeconds: 900 });
  const fired: number[] = [];
  for (const ms of [100_000, 200_000]) clock.at(startAt + ms, () => fired.push(clock.now() - startAt));

  await host.invoke(arn, {}, sync);

  expect(fired.map((ms) => Math.floor(ms / 10_000))).toEqual([10, 20]);
});

test('a function that sleeps past its timeout is killed then', async () => {
  const { host, clock, add } = start();
  const { arn } = add(first('sleep(500_000)'), { timeoutSeconds: 300 });

  const { status } = await host.invoke(arn, {}, sync);

  expect(status).toBe('timeout');
  expect(clock.now() - startAt).toBeGreaterThanOrEqual(300_000);
  expect(clock.now() - startAt).toBeLessThan(400_000);
});

test('a request that is on its way is waited for', async () => {
  const server = createServer((_, response) => setTimeout(() => response.end(), 100)).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  const { host, add } = start();
  const { arn } = add(
    `import { get } from 'node:http'; ${first(
      `new Promise((done) => get('http://127.0.0.1:${port}', (answer) => answer.resume().on('end', () => done('answer'))))`,
    )}`,
    { timeoutSeconds: 900 },
  );

  const { payload } = await host.invoke(arn, {}, sync);
  server.close();
  server.closeAllConnections();

  expect(payload).toBe('answer');
});

const ask = (port: number) =>
  `const ask = () => new Promise((done) => get('http://127.0.0.1:${port}', (answer) => answer.resume().on('end', done)))`;

test('a call that a server keeps waiting passes by the clock, and its caller knows the time', async () => {
  const { host, clock, add } = start();
  const { port, close } = await startSlowServer(clock, () => tenMinutes);
  const { arn } = add(
    `import { get } from 'node:http'; ${ask(port)}
    export const handler = async () => {
      const deadline = setTimeout(() => process.exit(1), ${6 * tenMinutes});
      const before = Date.now();
      for (let call = 0; call < 3; call += 1) await ask();
      clearTimeout(deadline);
      return Date.now() - before;
    }`,
    { timeoutSeconds: 3_600 },
  );

  const { payload } = await host.invoke(arn, {}, sync);
  close();

  expect(payload).toBeGreaterThanOrEqual(3 * tenMinutes);
  expect(payload).toBeLessThan(3 * tenMinutes + 60_000);
});

test('the clock does not pass over the call of another that is on its way', async () => {
  const { host, clock, add } = start();
  const slow = await startSlowServer(clock, () => tenMinutes);
  const quick = createServer((_, response) => setTimeout(() => response.end(), 200)).listen(0, '127.0.0.1');
  await new Promise((listening) => quick.once('listening', listening));
  const handler = (port: number) =>
    `import { get } from 'node:http'; ${ask(port)}
    export const handler = async () => {
      const deadline = setTimeout(() => process.exit(1), ${2 * tenMinutes});
      const before = Date.now();
      await ask();
      clearTimeout(deadline);
      return Date.now() - before;
    }`;
  const held = add(handler(slow.port), { timeoutSeconds: 3_600 });
  const going = add(handler((quick.address() as AddressInfo).port), { timeoutSeconds: 3_600 });

  const [late, soon] = await Promise.all([host.invoke(held.arn, {}, sync), host.invoke(going.arn, {}, sync)]);
  slow.close();
  quick.close();
  quick.closeAllConnections();

  expect(soon.payload).toBeLessThan(tenMinutes);
  expect(late.payload).toBeGreaterThanOrEqual(tenMinutes);
});

test('a call that is never answered ends by the timer of its caller', async () => {
  const { host, clock, add } = start();
  const { port, close } = await startSlowServer(clock, () => Number.POSITIVE_INFINITY);
  const { arn } = add(
    `import { get } from 'node:http';
    export const handler = () => new Promise((done) => {
      const request = get('http://127.0.0.1:${port}');
      request.on('error', () => done('given up'));
      setTimeout(() => request.destroy(new Error('too long')), ${tenMinutes});
    })`,
    { timeoutSeconds: 3_600 },
  );

  const { payload } = await host.invoke(arn, {}, sync);
  close();

  expect(payload).toBe('given up');
  expect(clock.now() - startAt).toBeGreaterThanOrEqual(tenMinutes);
});

/** Answers each call after so long by the clock. */
async function startSlowServer(clock: VirtualClock, latencyMs: () => number) {
  const server = createServer(async (_, response) => {
    const passed = new Promise<void>((resume) => {
      if (latencyMs() < Number.POSITIVE_INFINITY) clock.at(clock.now() + latencyMs(), resume);
    });
    await holdCall(clock.hold, response, () => passed);
    response.end();
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test.each([
  ['a timer that nobody can see', `(await import('node:timers/promises')).setTimeout(100, 'it')`],
  ['a timer that was cleared and set anew', `again()`],
  ["a timer of Node's module", `new Promise((wake) => timers.setTimeout(wake, 1000, 'it'))`],
  [
    'an interval',
    `new Promise((wake) => { const each = setInterval(() => { clearInterval(each); wake('it') }, 100) })`,
  ],
])('%s comes before a longer sleep', async (_, other) => {
  const { host, add } = start();
  const { arn } = add(
    `import * as timers from 'node:timers';
    const again = () => new Promise((wake) => {
      const never = setTimeout(wake, 1_000, 'cleared');
      clearTimeout(never);
      setTimeout(wake, 2_000, 'it');
    });
    ${first(other).replace('() =>', 'async () =>')}`,
    { timeoutSeconds: 900 },
  );

  expect((await host.invoke(arn, {}, sync)).payload).toBe('it');
});

test('an asynchronous event sleeps no longer than a synchronous one', async () => {
  const { host, clock, add } = start();
  const { arn } = add(`${sleep} export const handler = () => sleep(${tenMinutes})`, { timeoutSeconds: 900 });

  await host.invoke(arn, {}, { kind: 'async' });
  await clock.advance();

  expect(clock.now()).toBeGreaterThanOrEqual(startAt + tenMinutes);
});

test('a timer that an invocation left behind is due in the next one, and keeps no sleep from being skipped', async () => {
  const { host, clock, add } = start();
  const { arn } = add(
    `${sleep} let fired = false;
    export const handler = async ({ leave, ms }) => {
      if (leave) return void setTimeout(() => { fired = true }, leave);
      await sleep(ms);
      return fired;
    }`,
    { timeoutSeconds: 900 },
  );
  await host.invoke(arn, { leave: 290_000 }, sync);
  clock.at(startAt + 900_000, () => undefined);
  await clock.advance();

  const { status, payload } = await host.invoke(arn, { ms: 400_000 }, sync);

  expect([status, payload]).toEqual(['ok', true]);
  expect(clock.now()).toBeGreaterThanOrEqual(startAt + 1_300_000);
});
