import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { ServerCounts } from './servers/round.ts';
import type { Ports, ServerOrder, ServerReply } from './servers/serve.ts';

/** The servers' process, as the benchmark talks to it. */
export interface ServerProcess {
  readonly pid: number;
  readonly ports: Ports;
  /** @throws when the process has ended, as `seen` does */
  prepare(round: Omit<Extract<ServerOrder, { kind: 'round' }>, 'kind'>): Promise<void>;
  seen(): Promise<ServerCounts>;
  close(): void;
}

/** @throws naming the server that could not bind */
export async function startServers(tls: {
  readonly key: string;
  readonly certificate: string;
}): Promise<ServerProcess> {
  const child = fork(join(import.meta.dirname, 'servers/serve.ts'), { stdio: 'inherit' });
  // Each order is told of its own failure; without a listener Node would end the whole benchmark.
  child.on('error', () => {});
  try {
    const started = await order(child, { kind: 'start', ...tls });
    if (started.kind !== 'started') throw new Error('the servers answered something else');
    return {
      pid: child.pid!,
      ports: started.ports,
      async prepare(round) {
        await order(child, { kind: 'round', ...round });
      },
      async seen() {
        const reply = await order(child, { kind: 'report' });
        if (reply.kind !== 'seen') throw new Error('the servers answered something else');
        return reply.seen;
      },
      close: () => {
        if (child.connected) child.disconnect();
      },
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}

function order(child: ChildProcess, what: ServerOrder): Promise<ServerReply> {
  return new Promise((resolve, reject) => {
    const ended = () => done(() => reject(new Error("the servers' process has ended")));
    const answered = (reply: ServerReply) =>
      done(() => (reply.kind === 'failed' ? reject(new Error(reply.message)) : resolve(reply)));
    const done = (settle: () => void) => {
      child.off('exit', ended).off('error', ended).off('message', answered);
      settle();
    };
    child.once('exit', ended).once('error', ended).once('message', answered);
    // An ended process sends neither event again, and its channel may close a little after it.
    if (!child.connected || child.exitCode !== null || child.signalCode !== null) ended();
    else child.send(what);
  });
}
