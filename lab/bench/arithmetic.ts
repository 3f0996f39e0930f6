import { dollarsPerMillion as costPerMillion } from '../../cli/advise/cost.ts';
import { packedS3, usualTiming } from '../../cli/advise/workload.ts';
import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { rounded } from './statistics.ts';

/**
 * The bytes that Firehose bills over the bytes that it is given, by kilobytes an event, for full batches of a
 * packed destination. The raw bytes are those of the lines as sent, each an event with its `_relay`, before
 * base64, which Firehose does not bill. So the ratio shows the loss by packing and rounding, and not the bytes
 * that the lines add.
 */
export function billedToRaw(): Readonly<Record<string, number>> {
  return byKilobytes(({ billedBytes, lineBytes }) => billedBytes / lineBytes);
}

/** The same ratio over the events' own bytes, as Mosaic sent them, so with the bytes that the lines add. */
export function billedToReceived(): Readonly<Record<string, number>> {
  return byKilobytes(({ billedBytes, receivedBytes }) => billedBytes / receivedBytes);
}

function byKilobytes(ratioOf: (sizes: Sizes) => number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [0.5, 1, 2, 5].map((kilobytes) => [String(kilobytes), rounded(ratioOf(sizesFor(kilobytes * 1_024)), 4)]),
  );
}

interface Sizes {
  readonly billedBytes: number;
  readonly lineBytes: number;
  readonly receivedBytes: number;
}

function sizesFor(eventBytes: number): Sizes {
  const cut = cutEvents(batchOf(eventBytes));
  if ('damaged' in cut) throw new Error(cut.message);
  const prepared = prepareRecords(
    cut,
    { type: 'cis', stream: 'relay-cis', collectedAt: Date.UTC(2026, 2, 1) },
    { format: createLineFormat('relay-line', 'prod'), packing: 'lines' },
  );
  prepared.release();
  const receivedBytes = cut.ends.reduce((sum, end, index) => sum + end - cut.starts[index]!, 0);
  return { billedBytes: prepared.billedBytes, lineBytes: prepared.rawBytes, receivedBytes };
}

/** A batch of events from a fifth below to a fifth above `eventBytes`, always the same. */
function batchOf(eventBytes: number): Buffer {
  const events = Array.from({ length: 1_000 }, (_, index) => {
    const bytes = Math.round(eventBytes * (0.8 + 0.4 * (((index * 37) % 101) / 100)));
    return `{"n":"${'x'.repeat(bytes - 8)}"}`;
  });
  return Buffer.from(`[${events.join(',')}]`);
}

/**
 * The price for 1 KB an event and 1,000 events/s, collected each minute into S3, with a quota that such a stream
 * fits.
 */
export function dollarsPerMillion(): { readonly packed: number; readonly compressed: number } {
  const load = { eventsPerSecond: 1_000, eventBytes: 1_024 };
  const cost = (compressed: boolean) => {
    const plan = {
      everySeconds: 60,
      batchSize: 1_000,
      memoryMb: 512,
      timeoutSeconds: 300,
      destinations: [{ ...packedS3, compressed, quotaMiBPerSecond: 5 }],
    };
    return rounded(costPerMillion(load, plan, usualTiming), 4);
  };
  return { packed: cost(false), compressed: cost(true) };
}
