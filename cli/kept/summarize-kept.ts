import type { DeployedRelay } from '../access/deployed-relay.ts';
import { firstLine } from '../access/explain-failure.ts';
import { type Verdict, worstOf } from '../waiting/verdict.ts';
import { findKept, isOfStream } from './find-kept.ts';
import { forgetFlag, verdictOnKept } from './judge-kept.ts';
import { type KeptState, readKeptState } from './kept-state.ts';

/** A kept delivery stream as `relay status` shows it. */
export interface KeptStatus extends KeptState {
  readonly verdict: Verdict;
  /** The command to type next. */
  readonly next: string;
}

/** What is kept of removed destinations, as `relay status` shows it. */
export interface KeptSummary {
  /** The worst of the streams, and `unknown` at best where not all of them are known. */
  readonly verdict: Verdict;
  readonly streams: readonly KeptStatus[];
  /** Why not all of them are known; absent where they are. */
  readonly problem?: string;
}

/**
 * Reads every kept delivery stream, or those of one stream. A failure, such as credentials that may not list delivery
 * streams, must not hide everything else: the summary says so, and the verdict is no better than `unknown`.
 *
 * @param options.address the flags that name the relay, for commands to type
 */
export async function summarizeKept(
  relay: DeployedRelay,
  { only, address }: { readonly only?: string | undefined; readonly address: string },
): Promise<KeptSummary> {
  try {
    const found = await findKept(relay);
    const wanted = found.filter((kept) => only === undefined || isOfStream(relay, kept, only));
    const read = await Promise.allSettled(wanted.map((kept) => readKeptState(relay, kept)));
    const streams = read.flatMap((each) =>
      each.status === 'fulfilled' ? [statusOf(each.value, address)] : [],
    );
    const verdict = worstOf(streams.map((stream) => stream.verdict));
    const failed = read.find((each) => each.status === 'rejected');
    return failed === undefined ? { verdict, streams } : unknownBy(failed.reason, { verdict, streams });
  } catch (error) {
    return unknownBy(error, { verdict: 'unknown', streams: [] });
  }
}

function unknownBy(error: unknown, { verdict, streams }: KeptSummary): KeptSummary {
  const reason = firstLine(error instanceof Error ? error.message : String(error));
  return {
    verdict: worstOf([verdict, 'unknown']),
    streams,
    problem: `what is kept of removed destinations is not known: ${reason}`,
  };
}

function statusOf(kept: KeptState, address: string): KeptStatus {
  const which = `--stream ${kept.streamName} --destination ${kept.destination}`;
  const next = `npx relay forget ${which} ${address}${forgetFlag(kept)}`;
  return { ...kept, verdict: verdictOnKept(kept), next };
}
