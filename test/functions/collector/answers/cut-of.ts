import { cutEvents } from '../../../../functions/collector/answers/cut-events.ts';
import type { Cut } from '../../../../functions/collector/protocol/ports/answers.ts';

/** The cut of an answer that holds these events, each its raw JSON text. */
export function cutOf(events: readonly string[]): Cut {
  const cut = cutEvents(Buffer.from(`[${events.join(',')}]`));
  if ('damaged' in cut) throw new Error(cut.message);
  return cut;
}

/** An event whose JSON text has exactly so many bytes (100 or more). */
export function eventOf(bytes: number, index = 0): string {
  const frame = `{"activity":"user_login","timestamp":"2026-03-01T09:15:02.481Z","n":${index},"pad":""}`;
  return frame.replace('"pad":""', `"pad":"${'x'.repeat(bytes - frame.length)}"`);
}
