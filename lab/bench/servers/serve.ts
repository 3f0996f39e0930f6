import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Batch, makeBatches } from '../batches.ts';
import { createAwsServer } from './aws-server.ts';
import { createMosaicServer } from './mosaic-server.ts';
import type { Delays, ServedRound, ServerCounts } from './round.ts';
import { createVendorSink } from './vendor-sink.ts';

/**
 * The other side of the benchmark, in a process of its own so that its work is not counted: Mosaic, AWS and the
 * vendor's sink, over TLS on loopback. Told what to serve over the channel to its parent, by `ServerOrder`.
 */
const round: ServedRound = {
  batches: [],
  left: 0,
  check: false,
  gzip: false,
  delays: { collect: 0, journal: 0, firehose: 0 },
  seen: nothingSeen(),
};
const made = new Map<number, readonly Batch[]>();

export type ServerOrder =
  | {
      readonly kind: 'start';
      readonly key: string;
      readonly certificate: string;
      /** Tells which server could not bind. */
    }
  | {
      readonly kind: 'round';
      /** Batches to answer before `[]`. */
      readonly batches: number;
      readonly eventBytes: number;
      readonly delays: Delays;
      /** Every body is decoded, counted and its signature verified. */
      readonly check: boolean;
      /** Mosaic compresses its answers for callers that accept gzip. */
      readonly gzip: boolean;
    }
  | { readonly kind: 'report' };

export type ServerReply =
  | { readonly kind: 'started'; readonly ports: Ports }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'seen'; readonly seen: ServerCounts };

export interface Ports {
  readonly mosaic: number;
  readonly aws: number;
  readonly sink: number;
}

function nothingSeen(): ServerCounts {
  return {
    collects: [],
    journalPuts: 0,
    firehoseCalls: 0,
    records: 0,
    tableWrites: 0,
    delivered: 0,
    problems: [],
  };
}

async function obey(order: ServerOrder): Promise<ServerReply> {
  if (order.kind === 'report') return { kind: 'seen', seen: round.seen };
  if (order.kind === 'start') return { kind: 'started', ports: await start(order) };
  const batches = made.get(order.eventBytes) ?? makeBatches(order.eventBytes, 4);
  made.set(order.eventBytes, batches);
  Object.assign(round, {
    batches,
    left: order.batches,
    check: order.check,
    gzip: order.gzip,
    delays: order.delays,
    seen: nothingSeen(),
  });
  return { kind: 'ready' };
}

async function start({ key, certificate }: { readonly key: string; readonly certificate: string }) {
  const options = { key, cert: certificate, keepAliveTimeout: 60_000 };
  return {
    mosaic: await listen('Mosaic', createServer(options, createMosaicServer(round))),
    aws: await listen('AWS', createServer(options, createAwsServer(round))),
    sink: await listen("the vendor's sink", createServer(options, createVendorSink(round))),
  };
}

function listen(name: string, server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`${name} could not bind: ${error.message}`)));
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

process.on('message', (order: ServerOrder) => {
  obey(order).then(
    (reply) => process.send!(reply),
    (error: Error) => process.send!({ kind: 'failed', message: error.message }),
  );
});
process.on('disconnect', () => process.exit());
