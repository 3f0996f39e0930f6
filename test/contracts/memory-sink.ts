import type { Sink } from '../../functions/collector/protocol/ports/sink.ts';
import { SinkRefused } from '../../functions/collector/protocol/ports/sink.ts';

export interface MemorySink extends Sink {
  /** What was accepted, in order, and how the next calls answer. */
  readonly stored: {
    readonly records: Uint8Array[];
    calls: number;
    /**
     * Asked before each call: an error returned is thrown and nothing is accepted; a list of codes refuses
     * the records that have one.
     */
    answer: (records: readonly Uint8Array[]) => Error | readonly (string | undefined)[] | undefined;
  };
}

/** A delivery stream in memory; passes the same suite as Firehose's. */
export function createMemorySink(): MemorySink {
  const stored: MemorySink['stored'] = { records: [], calls: 0, answer: () => undefined };
  return {
    stored,
    async put(records, signal) {
      if (signal.aborted) throw refused('AbortError', 'the call was aborted');
      stored.calls += 1;
      const answer = stored.answer(records) ?? [];
      if (answer instanceof Error) throw answer;
      const problem = limitPassed(records);
      if (problem !== undefined) throw refused('InvalidArgumentException', problem);
      const codes = records.map((_, index) => answer[index]);
      stored.records.push(
        ...records.filter((_, i) => codes[i] === undefined).map((one) => Uint8Array.from(one)),
      );
      return codes;
    },
  };
}

/** The limits of PutRecordBatch. @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
function limitPassed(records: readonly Uint8Array[]): string | undefined {
  if (records.length < 1 || records.length > 500) return `${records.length} records in a call`;
  if (records.some((record) => record.length > 1_024_000)) return 'a record above 1,000 KiB';
  const encoded = records.reduce((sum, record) => sum + 4 * Math.ceil(record.length / 3), 0);
  return encoded > 4 * 1024 * 1024 ? `${encoded} encoded bytes in a call` : undefined;
}

function refused(name: string, message: string): SinkRefused {
  return new SinkRefused(message, { throttled: false, name });
}
