import { gzipSync } from 'node:zlib';
import type { Damage } from './call-plan.ts';
import type { Random } from './random.ts';
import type { Reply } from './stream.ts';

interface DamageRule {
  /** True if the batch is taken off the stream; `Read.fate` then says how it ended. */
  readonly consumes: boolean;
  /** `lost` where no byte of the events arrives in a form that a client reads. */
  readonly fate: 'answered' | 'damaged' | 'lost';
  readonly apply: (reply: Reply, random: Random) => Reply;
}

/** Answers that no API should give, made of an ordinary one. */
export const damages: Readonly<Record<Damage, DamageRule>> = {
  'truncated-array': {
    consumes: true,
    fate: 'damaged',
    // Never whole, and never nothing.
    apply: (reply, random) =>
      withBody(reply, reply.body.subarray(0, 1 + random.below(Math.max(1, reply.body.length - 1)))),
  },
  wrapped: {
    consumes: true,
    fate: 'damaged',
    apply: (reply) => withBody(reply, joined('{"events":', reply.body, `,"count":${reply.events ?? 0}}`)),
  },
  'invalid-utf8': withElement('damaged', () =>
    joined('{"name":"', Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80, 0xff]), '"}'),
  ),
  'nul-bytes': withElement('damaged', () => joined('{"name":"', Buffer.from([0, 0, 0]), '"}')),
  'deep-nesting': withElement('answered', () =>
    joined('{"deep":', '['.repeat(100_000), ']'.repeat(100_000), '}'),
  ),
  'huge-body': withElement('answered', () => joined('{"huge":"', Buffer.alloc(50_000_000, 'x'), '"}')),
  'header-flood': {
    consumes: true,
    fate: 'lost',
    apply: (reply) => ({ ...reply, headers: { ...reply.headers, ...flood() } }),
  },
  'gzip-bomb': {
    consumes: false,
    fate: 'answered',
    apply: (reply) => ({
      ...withBody(reply, bomb()),
      headers: { ...reply.headers, 'content-encoding': 'gzip' },
    }),
  },
  numbers: {
    consumes: false,
    fate: 'answered',
    apply: (reply) => withBody(reply, joined('[1, 2.50, 9007199254740993, -0, 1e400, 0.1e-7]')),
  },
  'number-flood': {
    consumes: false,
    fate: 'answered',
    apply: (reply) => withBody(reply, joined('[', Buffer.alloc(60_000_000, '1,'), '1]')),
  },
  'null-body': { consumes: false, fate: 'answered', apply: (reply) => withBody(reply, joined('null')) },
  'html-201': {
    consumes: false,
    fate: 'answered',
    apply: (reply) => ({
      ...withBody(reply, joined('<!DOCTYPE html><html><body><h1>Please sign in</h1></body></html>')),
      headers: { 'content-type': 'text/html; charset=utf-8' },
    }),
  },
};

/** One more element at the end of the array, which nobody generated. */
function withElement(fate: DamageRule['fate'], element: () => Uint8Array): DamageRule {
  return {
    consumes: true,
    fate,
    apply: (reply) => {
      const separator = (reply.events ?? 0) > 0 ? ',' : '';
      return withBody(
        reply,
        joined(reply.body.subarray(0, reply.body.lastIndexOf(0x5d)), separator, element(), ']'),
      );
    },
  };
}

function withBody(reply: Reply, body: Uint8Array): Reply {
  return { ...reply, body };
}

function joined(...parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(part as string)));
}

/** 64 KB of headers: Node's client reads 16. */
function flood(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`x-flood-${index}`, 'f'.repeat(1000)]));
}

let packedBomb: Uint8Array | undefined;

function bomb(): Uint8Array {
  packedBomb ??= gzipSync(
    Buffer.concat([Buffer.from('[{"a":"'), Buffer.alloc(80_000_000, '0'), Buffer.from('"}]')]),
    { level: 1 },
  );
  return packedBomb;
}
