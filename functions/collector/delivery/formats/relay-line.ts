import { eventFlags } from '../../answers/cut-events.ts';
import { eventIdLength, eventIds } from '../../answers/event-id.ts';
import type { BatchFacts, LineFormat, LineWriter } from './line-format.ts';

/**
 * Writes the event's own bytes with one more member at the end:
 * `"_relay":{"type","stream","stage","id","collected_at"}`, in which the destination's `view` and the id of its `key` stand
 * where it has them, and `recovered` and `replayed` where true. An event with a `_relay` of its own keeps it and is wrapped
 * as `{"event":…,"_relay":…}`, and so is an element that is no object.
 */
export function createRelayLine(stage: string): LineFormat {
  return {
    begin(cut, facts): LineWriter {
      const ids = eventIds(cut, facts.type);
      const { tail, idFromEnd } = relayTail(stage, facts);
      const tailAfterEmpty = tail.subarray(1);

      return {
        overheadBytes: wrapper.length + tail.length,
        write(index, target, at) {
          const flags = cut.flags[index]!;
          const extended = (flags & (eventFlags.object | eventFlags.ownRelayMember)) === eventFlags.object;
          const start = cut.starts[index]!;
          // The closing bracket is left out, because the tail has one.
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

/**
 * Builds the end of a line: `,"_relay":{…}}`, with the place of the id counted back from the line's end.
 *
 * @param marks further members of `_relay`
 */
export function relayTail(
  stage: string,
  facts: BatchFacts,
  marks: Readonly<Record<string, true>> = {},
): { readonly tail: Buffer; readonly idFromEnd: number } {
  const member = JSON.stringify(relayMember(stage, facts, marks));
  const tail = Buffer.from(`,"_relay":${member}}`);
  return { tail, idFromEnd: tail.length - tail.indexOf(idPlace) };
}

const wrapper = Buffer.from('{"event":');

/** The place of the id, which is written later. */
const idPlace = '?'.repeat(eventIdLength);

function relayMember(
  stage: string,
  { type, stream, collectedAt, view, key, recovered, replayed }: BatchFacts,
  marks: Readonly<Record<string, true>>,
): object {
  return {
    type,
    stream,
    stage,
    id: idPlace,
    collected_at: new Date(collectedAt).toISOString(),
    ...(view === undefined ? {} : { view }),
    ...(key === undefined ? {} : { key }),
    ...marks,
    ...(recovered ? { recovered } : {}),
    ...(replayed ? { replayed } : {}),
  };
}
