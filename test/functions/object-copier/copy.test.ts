import { beforeEach, describe, expect, test } from 'vitest';
import { type CopyPorts, copyBatch } from '../../../functions/object-copier/copy.ts';
import type { SinkOutcome } from '../../../functions/object-copier/ports.ts';
import { summarize } from '../../../functions/object-copier/report.ts';

const now = Date.parse('2026-03-01T12:01:00Z');
let bucket: Map<string, Uint8Array>;
let outcomes: Map<string, SinkOutcome>;
let stored: string[];
let marked: string[];
let markRefused: (SinkOutcome & { kind: 'refused' | 'busy' }) | undefined;
let deadLetters: { body: string; reason: string }[];
let ports: CopyPorts;

beforeEach(() => {
  bucket = new Map([
    ['a', Buffer.from('aaa')],
    ['b', Buffer.from('b')],
  ]);
  outcomes = new Map();
  stored = [];
  marked = [];
  markRefused = undefined;
  deadLetters = [];
  ports = {
    source: {
      async get(key) {
        const bytes = bucket.get(key);
        return bytes
          ? { kind: 'object', bytes }
          : { kind: 'poison', reason: 'object-missing', message: 'gone' };
      },
      async markCopied(key) {
        if (markRefused === undefined) marked.push(key);
        return markRefused;
      },
    },
    sink: {
      async put({ key }) {
        const outcome = outcomes.get(key) ?? { kind: 'stored', already: false };
        if (outcome.kind === 'stored') stored.push(key);
        return outcome;
      },
    },
    deadLetters: {
      async send(body, reason) {
        deadLetters.push({ body, reason });
        return { kind: 'kept' };
      },
    },
    clock: { now: () => now },
    bucket: 'journal',
    signal: new AbortController().signal,
  };
});

function message(messageId: string, keys: readonly string[], name = 'journal') {
  const records = keys.map((key) => ({
    eventName: 'ObjectCreated:Put',
    eventTime: '2026-03-01T12:00:00Z',
    s3: { bucket: { name }, object: { key } },
  }));
  return { messageId, body: JSON.stringify({ Records: records }) };
}

describe('copying a batch', () => {
  test('every object is copied, and nothing is left in the queue', async () => {
    const copied = await copyBatch([message('1', ['a']), message('2', ['b'])], ports);
    expect(stored).toEqual(['a', 'b']);
    expect(summarize(copied)).toEqual({ ObjectsCopied: 2, CopyLag: 60 });
  });

  test('only what was copied is marked as copied, and a mark that is refused sends nothing again', async () => {
    outcomes.set('a', { kind: 'busy', message: '' });
    await copyBatch([message('1', ['a']), message('2', ['b'])], ports);
    expect(marked).toEqual(['b']);
    markRefused = { kind: 'refused', message: 'S3 refused it.' };
    const [copied] = await copyBatch([message('3', ['b'])], ports);
    expect(copied).toMatchObject({ failed: false, objects: [{ unmarked: 'S3 refused it.' }] });
  });

  test.each<[string, SinkOutcome, object]>([
    ['busy', { kind: 'busy', message: '' }, { CopiesDeferred: 1 }],
    ['refusing', { kind: 'refused', message: '' }, { CopiesRefused: 1 }],
  ])('a message whose receiver is %s stays in the queue alone', async (_, outcome, counts) => {
    outcomes.set('a', outcome);
    const copied = await copyBatch([message('1', ['a']), message('2', ['b'])], ports);
    expect(copied.filter(({ failed }) => failed).map(({ messageId }) => messageId)).toEqual(['1']);
    expect(summarize(copied)).toEqual({ ObjectsCopied: 1, CopyLag: 60, ...counts });
    expect(deadLetters).toEqual([]);
  });

  test('a message that can never succeed goes to the dead-letter queue at once, unchanged', async () => {
    const messages = [
      message('1', ['gone']),
      message('2', ['a'], 'other'),
      { messageId: '3', body: 'hello' },
    ];
    const copied = await copyBatch(messages, ports);
    expect(copied.some(({ failed }) => failed)).toBe(false);
    expect(deadLetters).toEqual([
      { body: messages[0]!.body, reason: 'object-missing' },
      { body: messages[1]!.body, reason: 'foreign-bucket' },
      { body: 'hello', reason: 'unparsable-message' },
    ]);
    expect(stored).toEqual([]);
  });

  test('a message that the dead-letter queue does not take stays where it is', async () => {
    const refusing = { send: async () => ({ kind: 'refused', message: 'denied' }) as const };
    const [copied] = await copyBatch([message('1', ['gone'])], { ...ports, deadLetters: refusing });
    expect(copied).toMatchObject({ failed: true, deadLettered: false });
  });

  test('of a message with several objects all must be stored, and poison waits for the busy ones', async () => {
    outcomes.set('b', { kind: 'busy', message: '' });
    const [first] = await copyBatch([message('1', ['a', 'gone', 'b'])], ports);
    expect(first).toMatchObject({ failed: true, deadLettered: false });
    outcomes.clear();
    const [second] = await copyBatch([message('1', ['a', 'gone', 'b'])], ports);
    expect(second).toMatchObject({ failed: false, deadLettered: true });
    expect(stored).toEqual(['a', 'a', 'b']);
  });

  test('when time is up, the rest stays untried', async () => {
    const copied = await copyBatch([message('1', ['a'])], { ...ports, signal: AbortSignal.abort() });
    expect(copied[0]).toMatchObject({ failed: true });
    expect(stored).toEqual([]);
  });
});
