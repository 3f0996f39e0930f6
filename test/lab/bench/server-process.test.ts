import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startServers } from '../../../lab/bench/server-process.ts';
import { makeCertificate } from '../../../lab/bench/tls-certificate.ts';

test('servers that die are told of by each later order, and closing them is no error', async () => {
  const servers = await startServers(makeCertificate(new Date()));
  process.kill(servers.pid, 'SIGKILL');

  // The channel closes some turns after the end, and from then on Node raises an error of its own.
  for (let turn = 0; turn < 50; turn++) {
    await expect(servers.seen()).rejects.toThrow("the servers' process has ended");
    await nextTurn();
  }
  servers.close();
});
