import type { Journal } from '../../functions/collector/protocol/ports/journal.ts';
import type { Quarantine } from '../../functions/collector/protocol/ports/quarantine.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import type { QuarantineEntry } from '../../functions/stored/quarantine-entry.ts';
import type { RunId } from '../../functions/stored/run-id.ts';

export interface MemoryJournal extends Journal, Quarantine {
  /** What is stored, for a test to look at, and how the next calls fail. */
  readonly stored: {
    readonly batches: Map<string, JournaledBatch>;
    readonly quarantine: Map<string, QuarantineEntry>;
    /** Marks of batches that an operator erased. */
    readonly erased: Map<string, RunId & { readonly number: number }>;
    probes: number;
    /** Objects that Firehose wrote of what destinations refused. */
    refusedByDestinations: number;
    /** Asked before each write: an error returned is thrown and nothing is kept. */
    refuse: (write: 'put' | 'quarantine' | 'probe') => Error | undefined;
  };
}

/** The journal in memory; passes the same suite as the one in S3. */
export function createMemoryJournal(): MemoryJournal {
  const stored: MemoryJournal['stored'] = {
    batches: new Map(),
    quarantine: new Map(),
    erased: new Map(),
    probes: 0,
    refusedByDestinations: 0,
    refuse: () => undefined,
  };
  const admit = (write: 'put' | 'quarantine' | 'probe', signal?: AbortSignal): void => {
    const refusal = stored.refuse(write);
    if (refusal !== undefined) throw refusal;
    if (signal?.aborted) throw new RelayError('JournalRefused', 'the write was aborted');
  };

  return {
    stored,
    async put(batch, signal) {
      admit('put', signal);
      stored.batches.set(batchKey(batch, batch.number), {
        ...batch,
        answer: { received: Uint8Array.from(batch.answer.received), encoding: batch.answer.encoding },
      });
    },
    async numbers(run) {
      return [...stored.batches.values()]
        .filter((batch) => batchKey(batch, 0) === batchKey(run, 0))
        .map((batch) => batch.number)
        .sort((a, b) => a - b);
    },
    async erased(run) {
      return [...stored.erased.values()]
        .filter((mark) => batchKey(mark, 0) === batchKey(run, 0))
        .map(({ number }) => number)
        .sort((a, b) => a - b);
    },
    async get(run, number, signal) {
      if (signal?.aborted) throw new RelayError('JournalUnreadable', 'the read was aborted');
      const batch = stored.batches.get(batchKey(run, number));
      if (batch === undefined)
        throw new RelayError('JournalObjectMissing', `no batch ${number} of ${run.run}`);
      return batch;
    },
    async quarantine(entry) {
      admit('quarantine');
      const key = [batchKey(entry, entry.number), entry.index ?? '', entry.destination ?? ''].join('/');
      stored.quarantine.set(key, { ...entry, bytes: Uint8Array.from(entry.bytes) });
    },
    async refusedByDestinations() {
      const objects = stored.refusedByDestinations;
      return new Map(objects === 0 ? [] : [['splunk', { objects, atLeast: false }]]);
    },
    async eventsGivenUp(destination) {
      const events = destination === 'splunk' ? stored.refusedByDestinations : 0;
      return { amount: { events, known: 'exactly' } };
    },
    async quarantined() {
      return { objects: stored.quarantine.size, atLeast: false };
    },
    async probe(signal) {
      admit('probe', signal);
      stored.probes += 1;
    },
    async days() {
      return [...new Set([...stored.batches.values()].map(dayOf))].sort();
    },
    async runsOn(day) {
      const runs = [...stored.batches.values()].filter((batch) => dayOf(batch) === day);
      return [...new Set(runs.map((batch) => batch.run))].sort();
    },
  };
}

function batchKey(run: RunId, number: number): string {
  return `${dayOf(run)}/${run.run}/${number}`;
}

function dayOf({ startedAt }: RunId): string {
  return new Date(startedAt).toISOString().slice(0, 10);
}
