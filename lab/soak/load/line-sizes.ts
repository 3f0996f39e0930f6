import { startSimulator } from '@mosaic-relay/mosaic-simulator';
import { cutEvents } from '../../../functions/collector/answers/cut-events.ts';
import type { CollectorDestination, EventType } from '../../../functions/collector/contract.ts';
import { createLineFormat } from '../../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../../functions/collector/delivery/prepare-records.ts';

/** The size of each event's line as it is put to Firehose, its line feed included. */
export interface LineSizes {
  of(event: number): number;
  /** Bytes of the lines of the events 0 to before `count` together. */
  upTo(count: number): number;
  readonly mean: number;
}

/** The simulator's events of one type, of which `variety` are made anew and the others follow by turns. */
export interface EventPattern {
  readonly type: EventType;
  readonly seed: number;
  readonly averageBytes: number;
  readonly variety: number;
}

/** Lines are measured by the code that writes them, so that load and quota are counted in the same bytes. */
export async function measureLines(
  pattern: EventPattern,
  destination: Pick<CollectorDestination, 'format' | 'formatOptions' | 'packing'>,
  source: { readonly stream: string; readonly stage: string },
): Promise<LineSizes> {
  const { type, variety } = pattern;
  const format = createLineFormat(destination.format, source.stage, destination.formatOptions);
  const shape = { format, packing: destination.packing };
  const facts = { type, stream: source.stream, collectedAt: 0 };
  const sums = new Float64Array(variety + 1);
  for (const [index, event] of (await eventsOf(pattern, variety)).entries()) {
    const cut = cutEvents(Buffer.concat([Buffer.from('['), event, Buffer.from(']')]));
    if ('damaged' in cut) throw new Error(`event ${index} of the simulator is no JSON: ${cut.message}`);
    sums[index + 1] = sums[index]! + prepareRecords(cut, facts, shape).rawBytes;
  }
  const ofAll = sums[variety]!;
  return {
    of: (event) => sums[(event % variety) + 1]! - sums[event % variety]!,
    upTo: (count) => Math.floor(count / variety) * ofAll + sums[count % variety]!,
    mean: ofAll / variety,
  };
}

/** The first events that the simulator raises by a pattern. */
export async function eventsOf(
  { type, ...style }: EventPattern,
  count: number,
): Promise<readonly Uint8Array[]> {
  const simulator = await startSimulator({ ...style, switches: [], clock: { now: () => anyTime } });
  simulator.generate(type, count);
  const events = [...simulator.generated(type)];
  await simulator.close();
  return events;
}

/** All timestamps have one length. */
const anyTime = Date.UTC(2026, 2, 2);
