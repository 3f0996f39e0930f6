import type { DeployedRelay } from '../access/deployed-relay.ts';
import { findKept, isOfStream } from './find-kept.ts';
import { type KeptState, readKeptState } from './kept-state.ts';
import { keptLine } from './show-kept.ts';

/** What is kept of removed destinations, as `relay status` shows it. */
export interface KeptSummary {
  readonly streams: readonly Omit<KeptState, 'transit'>[];
  readonly lines: readonly string[];
}

/**
 * Reads every kept delivery stream, or those of one stream. A failure, such as credentials that may not list delivery
 * streams, must not hide everything else: a line says so.
 */
export async function summarizeKept(relay: DeployedRelay, only: string | undefined): Promise<KeptSummary> {
  try {
    const found = await findKept(relay);
    const wanted = found.filter((kept) => only === undefined || isOfStream(relay, kept, only));
    const states = await Promise.all(wanted.map((kept) => readKeptState(relay, kept)));
    const streams = states.map(({ transit: _, ...state }) => state);
    return { streams, lines: states.map((kept) => keptLine(kept, { stage: relay.stage, now: relay.now() })) };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return { streams: [], lines: [`what is kept of removed destinations is not known: ${reason}`] };
  }
}
