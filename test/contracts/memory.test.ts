import { describe } from 'vitest';
import { SinkRefused } from '../../functions/collector/protocol/ports/sink.ts';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import type { Meta } from '../../functions/stored/meta-item.ts';
import { journalContract } from './journal-contract.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { createMemorySink } from './memory-sink.ts';
import { createMemoryState, type MemoryState } from './memory-state.ts';
import { sinkContract } from './sink-contract.ts';
import { stateContract } from './state-contract.ts';

describe('state in memory', () => {
  stateContract({
    create: async () => createMemoryState({ type: 'cis', streamId: 'relay-cis' }),
    prepareMeta: async (state: State, prepared: Pick<Meta, 'schema' | 'retiring'>) => {
      const totals = { events: 0, batches: 0, sourceBytes: 0 };
      (state as MemoryState).stored.meta = { type: 'cis', streamId: 'relay-cis', totals, ...prepared };
    },
  });
});

describe('the journal in memory', () => journalContract(async () => createMemoryJournal()));

describe('a delivery stream in memory', () => {
  sinkContract({
    async create() {
      const sink = createMemorySink();
      const answer = (next: Error | readonly (string | undefined)[]) => {
        sink.stored.answer = () => next;
      };
      return {
        sink,
        accepted: () => ({
          records: sink.stored.records.length,
          bytes: Buffer.concat(sink.stored.records).length,
        }),
        refuse: answer,
        throttle: () => {
          const name = 'ServiceUnavailableException';
          answer(new SinkRefused('slow down', { throttled: true, name }));
        },
      };
    },
  });
});
