import { eventFlags } from '../../answers/cut-events.ts';
import { eventIdLength, eventIds } from '../../answers/event-id.ts';
import type { Cut } from '../../protocol/ports/answers.ts';
import { isIndexable } from './indexable.ts';
import type { LineFormat, LineWriter } from './line-format.ts';
import { createRelayLine, relayTail } from './relay-line.ts';

/**
 * Writes a relay line for every event that OpenSearch indexes. Every other event becomes a document that holds the
 * event's bytes as one string, so that a search finds it: `{"event":"…","_relay":{…,"as_text":true}}`.
 */
export function createOpenSearchDocument(stage: string): LineFormat {
  const relayLine = createRelayLine(stage);
  return {
    begin(cut, facts): LineWriter {
      const line = relayLine.begin(cut, facts);
      const ids = eventIds(cut, facts.type);
      const { asText, extraBytes } = findTexts(cut);
      const { tail, idFromEnd } = relayTail(stage, facts, { as_text: true });

      return {
        overheadBytes: Math.max(line.overheadBytes, opening.length + 1 + tail.length),
        extraBytes,
        write(index, target, at) {
          if (asText[index] === 0) return line.write(index, target, at);
          target.set(opening, at);
          let end = writeEscaped(cut, index, { target, at: at + opening.length });
          target[end++] = quote;
          target.set(tail, end);
          end += tail.length;
          target.set(ids.subarray(index * eventIdLength, (index + 1) * eventIdLength), end - idFromEnd);
          return end;
        },
      };
    },
  };
}

const opening = Buffer.from('{"event":"');
const quote = 0x22;

/** Which events go as a string, 1 for each, and the bytes that the escapes of all of them add. */
function findTexts(cut: Cut): { readonly asText: Uint8Array; readonly extraBytes: number } {
  const asText = new Uint8Array(cut.count);
  let extraBytes = 0;
  for (let index = 0; index < cut.count; index++) {
    const [start, end] = [cut.starts[index]!, cut.ends[index]!];
    const isPlainObject =
      (cut.flags[index]! & (eventFlags.object | eventFlags.ownRelayMember)) === eventFlags.object;
    if (isPlainObject && isIndexable(cut.source, start, end)) continue;
    asText[index] = 1;
    for (let at = start; at < end; at++) if (escapeLetters[cut.source[at]!] !== 0) extraBytes += 1;
  }
  return { asText, extraBytes };
}

/** JSON has no control character but these three outside strings, and none inside. */
const escapeLetters = new Uint8Array(256);
escapeLetters[quote] = quote;
escapeLetters[0x5c] = 0x5c;
escapeLetters[0x09] = 0x74; // t
escapeLetters[0x0a] = 0x6e; // n
escapeLetters[0x0d] = 0x72; // r

function writeEscaped(
  cut: Cut,
  index: number,
  { target, at }: { readonly target: Uint8Array; readonly at: number },
): number {
  let end = at;
  for (let from = cut.starts[index]!; from < cut.ends[index]!; from++) {
    const byte = cut.source[from]!;
    const letter = escapeLetters[byte]!;
    if (letter !== 0) target[end++] = 0x5c;
    target[end++] = letter === 0 ? byte : letter;
  }
  return end;
}
