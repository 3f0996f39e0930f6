import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Ports, Seen, ServerOrder, ServerReply } from './servers/serve.ts';

/** The servers' process, as the benchmark talks to it. */
export interface ServerProcess {
  readonly ports: Ports;
  prepare(round: Omit<Extract<ServerOrder, { kind: 'round' }>, 'kind'>): Promise<void>;
  seen(): Promise<Seen>;
  close(): void;
}

/** @throws naming the server that could not bind */
export async function startServers(tls: {
  readonly key: string;
  readonly certificate: string;
}): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'servers/serve.ts'), { stdio: 'inherit' });
  const order = (what: ServerOrder): Promise<ServerReply> =>
    new Promise((resolve, reject) => {
      const lost = () => reject(new Error("the servers' process ended"));
      child.once('exit', lost);
      child.once('message', (reply: ServerReply) => {
        child.off('exit', lost);
        if (reply.kind === 'failed') reject(new Error(reply.message));
        else resolve(reply);
      });
      child.send(what);
    });
  try {
    const started = await order({ kind: 'start', ...tls });
    if (started.kind !== 'started') throw new Error('the servers answered something else');
    return {
      ports: started.ports,
      async prepare(round) {
        await order({ kind: 'round', ...round });
      },
      async seen() {
        const reply = await order({ kind: 'report' });
        if (reply.kind !== 'seen') throw new Error('the servers answered something else');
        return reply.seen;
      },
      close: () => child.disconnect(),
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}
