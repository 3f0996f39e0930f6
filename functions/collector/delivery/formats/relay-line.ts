import { eventFlags } from '../../answers/cut-events.ts';
import { eventIdLength, eventIds } from '../../answers/event-id.ts';
import type { BatchFacts, LineFormat, LineWriter } from './line-format.ts';

/**
 * The event's own bytes with one last member added: `"_relay":{"type","stream","id","collected_at"}`, and in it
 * `recovered` and `replayed` where true. An event that has a `_relay` of its own keeps it, wrapped as
 * `{"event":…,"_relay":…}`, as is an element that is no object.
 */
export function createRelayLine(): LineFormat {
  return {
    begin(cut, facts): LineWriter {
      const ids = eventIds(cut, facts.type);
      const tail = Buffer.from(`,"_relay":${JSON.stringify(relayMember(facts))}}`);
      const tailAfterEmpty = tail.subarray(1);
      const idFromEnd = tail.length - tail.indexOf(idPlace);

      return {
        overheadBytes: wrapper.length + tail.length,
        write(index, target, at) {
          const flags = cut.flags[index]!;
          const extended = (flags & (eventFlags.object | eventFlags.ownRelayMember)) === eventFlags.object;
          const start = cut.starts[index]!;
          // Without its closing bracket, for which the tail has one.
          const event = cut.singleLine.subarray(start, extended ? cut.ends[index]! - 1 : cut.ends[index]!);
          let end = at;
          if (!extended) {
            target.set(wrapper, end);
            end += wrapper.length;
          }
          target.set(event, end);
          end += event.length;
          const rest = (flags & eventFlags.empty) === 0 ? tail : tailAfterEmpty;
          target.set(rest, end);
          end += rest.length;
          target.set(ids.subarray(index * eventIdLength, (index + 1) * eventIdLength), end - idFromEnd);
          return end;
        },
      };
    },
  };
}

const wrapper = Buffer.from('{"event":');

/** Stands where the id will be written. */
const idPlace = '?'.repeat(eventIdLength);

function relayMember({ type, stream, collectedAt, recovered, replayed }: BatchFacts): object {
  return {
    type,
    stream,
    id: idPlace,
    collected_at: new Date(collectedAt).toISOString(),
    ...(recovered ? { recovered } : {}),
    ...(replayed ? { replayed } : {}),
  };
}
