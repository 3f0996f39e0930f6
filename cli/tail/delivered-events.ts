import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { arrivalHours, type ReadableDestination } from '../evidence/readable-destination.ts';
import { readRelayedLine } from '../replay/relayed-line.ts';
import { activityOf } from './journaled-events.ts';
import type { PassingEvent } from './passing-event.ts';

/**
 * Reads the lines that a destination was delivered, of events that were collected from a moment on. A second call reads only objects that
 * were written since the first.
 */
export function deliveredEvents(
  destination: ReadableDestination,
  stream: DeployedStream,
  { from, now }: { readonly from: number; readonly now: () => number },
): () => AsyncIterable<PassingEvent> {
  const read = new Set<string>();
  return async function* () {
    for (const hour of arrivalHours(from, now())) {
      const objects = destination.objects(hour, (address) => !read.has(address));
      for await (const { address, lines } of objects) {
        read.add(address);
        for (const line of lines) {
          const known = readRelayedLine(line);
          if (known === undefined || known.collectedAt < from) continue;
          const text = Buffer.from(line).toString();
          yield { stream, collectedAt: known.collectedAt, ...activityIn(known.events), text };
        }
      }
    }
  };
}

/** Of several readings of a line, the first that is JSON counts. */
function activityIn(readings: readonly Uint8Array[]): Pick<PassingEvent, 'activity'> {
  for (const reading of readings) {
    const cut = cutEvents(Buffer.concat([Buffer.from('['), reading, Buffer.from(']')]));
    if (!('damaged' in cut) && cut.count === 1) return activityOf(cut, 0);
  }
  return {};
}
