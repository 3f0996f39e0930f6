import type { Answer } from '../../functions/answer.ts';
import type { ReopenOutcome, Source } from '../../functions/collector/protocol/ports/source.ts';
import type { CollectOutcome, CollectRequest } from '../../functions/mosaic/collect-outcome.ts';

export interface MemorySource extends Source {
  readonly stored: {
    /** Events not yet read, each its raw JSON text; reading consumes. */
    readonly queue: string[];
    readonly requests: CollectRequest[];
    reopened: number;
    /** Answers whose memory was given back; their bytes are overwritten then, as by the next answer. */
    released: number;
    closed: boolean;
    /**
     * The next collects, in order; when there are none left, the queue is answered. A function decides with
     * the request and the queue in hand, may consume from it, and leaves it to the queue by returning undefined.
     */
    readonly script: (CollectOutcome | CollectScript)[];
    reopen: () => ReopenOutcome;
  };
}

export type CollectScript = (
  request: CollectRequest,
  queue: string[],
) => CollectOutcome | undefined | Promise<CollectOutcome | undefined>;

/** Mosaic in memory: it answers with the oldest events and forgets them. */
export function createMemorySource(events: readonly string[] = []): MemorySource {
  const stored: MemorySource['stored'] = {
    queue: [...events],
    requests: [],
    reopened: 0,
    released: 0,
    closed: false,
    script: [],
    reopen: () => ({ kind: 'reopened', already: false }),
  };
  return {
    stored,
    async collect(request) {
      if (stored.closed) throw new Error('collect after close');
      stored.requests.push(request);
      const step = stored.script.shift();
      const scripted = typeof step === 'function' ? await step(request, stored.queue) : step;
      return releasable(scripted ?? answered(stored.queue.splice(0, request.batchSize)), stored);
    },
    async reopen() {
      stored.reopened += 1;
      return stored.reopen();
    },
    close() {
      stored.closed = true;
    },
  };
}

/** @throws when the memory is given back twice: it would then hold two answers at once */
function releasable(outcome: CollectOutcome, stored: MemorySource['stored']): CollectOutcome {
  if (outcome.kind !== 'answer') return outcome;
  const received = Uint8Array.from(outcome.answer.received);
  let released = false;
  return {
    ...outcome,
    answer: { ...outcome.answer, received },
    release() {
      if (released) throw new Error('an answer was released twice');
      released = true;
      stored.released += 1;
      received.fill(0x21);
    },
  };
}

/** A whole answer of these events, each its raw JSON text. */
export function answered(events: readonly string[]): CollectOutcome {
  return { kind: 'answer', answer: identity(`[${events.join(',')}]`) };
}

export function identity(text: string): Answer {
  return { received: Buffer.from(text), encoding: 'identity' };
}
