import type { Answer } from '../../functions/answer.ts';
import { decodeBeginning } from '../../functions/collector/answers/decode-answer.ts';
import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../functions/collector/answers/whole-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import { scanForEvents } from './event-scan.ts';

/**
 * Reads the events of a stored answer. A whole answer is cut as the collector cuts it, one that was cut off as a
 * replay does. In an answer that neither can cut, everything that looks like an event counts.
 */
export function scanAnswer({ cutOff, capBytes, ...answer }: StoredAnswer): ScannedAnswer {
  const ofNobody = { stream: '', run: '', startedAt: 0, number: 1, collectedAt: 0 };
  const opened = openBatch({ ...ofNobody, answer, cutOff }, capBytes);
  const bytes = 'damaged' in opened ? answer.received.length : opened.cut.source.length;
  const cut = 'damaged' in opened ? openCutOff(opened, mostScannedBytes)?.cut : opened.cut;
  return {
    damaged: 'damaged' in opened,
    bytes,
    eachEvent(visit) {
      if (cut !== undefined) visitCut(cut, visit);
      else visitLookalikes(answer, visit);
    },
  };
}

export interface StoredAnswer extends Answer {
  readonly cutOff: boolean;
  /** Bytes that the collector lets the answer decompress to. */
  readonly capBytes: number;
}

export interface ScannedAnswer {
  /** True where the answer is no array of events. */
  readonly damaged: boolean;
  /** Size when decompressed, or as received where the answer is damaged. */
  readonly bytes: number;
  eachEvent(visit: (event: Uint8Array) => void): void;
}

/** Bytes that an answer which the collector refused may decompress to here. */
export const mostScannedBytes = 512 * 1024 * 1024;

function visitCut({ source, starts, ends, count }: Cut, visit: (event: Uint8Array) => void): void {
  for (let index = 0; index < count; index += 1) visit(source.subarray(starts[index], ends[index]));
}

/** Visits everything that looks like an event. Bytes that do not decompress hold no readable event. */
function visitLookalikes(answer: Answer, visit: (event: Uint8Array) => void): void {
  const arrived = decodeBeginning(answer, mostScannedBytes);
  if (!('damaged' in arrived)) scanForEvents(arrived, visit);
}
