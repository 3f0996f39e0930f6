import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { bodyOf } from '../../aws/answer-body.ts';
import { createForwarder } from '../../aws/forward.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const call = { method: 'POST', path: '/', headers: {}, body: Buffer.from('{}') };

test('a call that meets a connection which is just being closed is made on another', async () => {
  const answered = new WeakSet<object>();
  const port = await serve((socket) => {
    const first = !answered.has(socket);
    answered.add(socket);
    return first;
  });
  const forwarder = createForwarder(port);

  const bodies: string[] = [];
  for (let round = 0; round < 3; round += 1)
    bodies.push((await bodyOf(await forwarder.forward(call))).toString());

  expect(bodies).toEqual(['answer', 'answer', 'answer']);
  forwarder.close();
});

test('a call that a new connection does not answer is not made again', async () => {
  let calls = 0;
  const port = await serve(() => {
    calls += 1;
    return false;
  });
  const forwarder = createForwarder(port);

  await expect(forwarder.forward(call)).rejects.toThrow('socket hang up');

  expect(calls).toBe(1);
  forwarder.close();
});

/** Answers what `answers` agrees to, and hangs up otherwise. */
async function serve(answers: (socket: object) => boolean): Promise<number> {
  const server = createServer((request, response) => {
    request.resume();
    if (answers(request.socket)) response.end('answer');
    else request.socket.destroy();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
