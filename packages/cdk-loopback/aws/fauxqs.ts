import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type FauxqsServer, startFauxqs } from 'fauxqs';

/**
 * Starts fauxqs, which is S3 and SQS in one server, on a free port of loopback.
 *
 * fauxqs has no setting for two things: it listens on every interface, and refuses bodies above 11 MiB where
 * Firehose writes objects of up to 128 MiB. Fastify, on which it is built, announces every server it creates on a
 * diagnostics channel; that is where both are mended.
 *
 * @param directory where objects are kept; in memory when absent
 * @see https://fastify.dev/docs/latest/Reference/Hooks/#diagnostics-channel-hooks
 */
export async function startLoopbackFauxqs(directory?: string): Promise<FauxqsServer> {
  const channel = 'fastify.initialization';
  let mended = 0;
  const onCreated = (message: unknown): void => {
    mended += 1;
    mend((message as { readonly fastify: FastifyServer }).fastify);
  };
  subscribe(channel, onCreated);
  try {
    const server = await startFauxqs({ port: 0, logger: false, s3StorageDir: directory });
    if (mended === 1 && server.address.includes('127.0.0.1')) return server;
    await server.stop();
    throw new Error('fauxqs did not start on loopback; the local run needs fauxqs 2.4 on Fastify 5.');
  } finally {
    unsubscribe(channel, onCreated);
  }
}

const largestObjectBytes = 160 * 1024 * 1024;

/** The part of Fastify's interface that is used here. */
interface FastifyServer {
  listen(options: { readonly port: number; readonly host: string }): Promise<string>;
  addHook(name: 'onRoute', hook: (route: { bodyLimit?: number }) => void): unknown;
}

function mend(server: FastifyServer): void {
  const listen = server.listen.bind(server);
  server.listen = (options) => listen({ ...options, host: '127.0.0.1' });
  server.addHook('onRoute', (route) => {
    route.bodyLimit = largestObjectBytes;
  });
}
