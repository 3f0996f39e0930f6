import { cutEvents } from '../answers/cut-events.ts';
import type { Cut } from '../protocol/ports/answers.ts';

/**
 * Cuts one event, whose members the cutter has not noted: that of an operator's command, or of an answer of very many
 * short members.
 *
 * @param event valid JSON
 * @returns undefined where the event has more members than are ever noted
 */
export function cutAlone(event: Uint8Array, depth: number): Cut | undefined {
  const cut = cutEvents(Buffer.concat([openArray, event, closeArray]), { depth, mostRows });
  if ('damaged' in cut) throw new Error(`an event is no JSON: ${cut.message}`);
  return cut.members?.events === 0 ? undefined : cut;
}

const openArray = Buffer.from('[');
const closeArray = Buffer.from(']');
/** 21 MB. An event of so many is far larger than any record of Firehose, unless its view removes most of it. */
const mostRows = 1_048_576;
