import type { RelayError } from '../relay-error.ts';
import { audit } from './audit.ts';
import type { Destination } from './destination.ts';
import { foreseen } from './errors.ts';
import { createPace } from './pace.ts';
import type { Clock, Journal, OpenRun, State } from './ports.ts';
import { batchBudgetMs, type Pass, sweepRun, waitsForRemoved } from './sweep-run.ts';
import { emptyTally, type Tally } from './tally.ts';

/**
 * Delivers what runs have left behind: for each sealed `OPEN`, the journal's batches after `done`, in order.
 *
 * It never takes the lease; two sweeps at once only deliver twice. Runs with the fewest tries come first, what is owed
 * to removed destinations alone last, a
 * destination that refuses is skipped for the rest of the pass, and it takes at most half of each delivery
 * quota, so that fresh events go first. Once a day it audits the journal.
 * @param deadline when Lambda ends the invocation, in ms since the epoch
 */
export async function sweep(
  ports: SweepPorts,
  settings: SweepSettings,
  deadline: number,
): Promise<SweepReport> {
  const { state, clock } = ports;
  const over = new AbortController();
  const ended = new AbortController();
  const overAt = Math.min(deadline, clock.now() + passMs) - closeBudgetMs;
  void clock.sleep(Math.max(0, overAt - clock.now()), ended.signal).then(() => over.abort());
  const meta = await state.readMeta();
  const pass: Pass = {
    ports,
    settings,
    meta,
    tally: emptyTally(),
    refusing: new Map(),
    destinations: new Map(settings.destinations.map((each) => [each.name, each])),
    paces: new Map(
      settings.destinations.map((each) => [
        each.name,
        createPace(each.quotaBytesPerSecond / 2, clock, over.signal),
      ]),
    ),
    signal: over.signal,
    hasTime: () => !over.signal.aborted && overAt - clock.now() > batchBudgetMs,
    failure: undefined,
  };
  try {
    const { reopened } = await audit(ports, settings, meta).catch((error: unknown) => {
      // It is tried again by every pass, none of which it may keep from delivering.
      pass.failure = foreseen(error);
      return { reopened: 0 };
    });
    const sealed = (await state.listOpen()).filter(({ sealAfter }) => sealAfter <= clock.now());
    for (const open of inOrder(sealed, pass.destinations)) {
      if (!pass.hasTime()) break;
      try {
        await sweepRun(open, pass);
      } catch (error) {
        // One run that cannot be read or closed must not hold up the others, nor hide what was counted.
        pass.failure ??= foreseen(error);
      }
    }
    return {
      tally: pass.tally,
      error: pass.failure,
      reopened,
      refusing: Object.fromEntries(pass.refusing),
      ...(await stillWaiting(ports, clock.now())),
      waitingForOperator: (await ports.journal.quarantined()) + (await ports.journal.refusedByDestinations()),
      sinceLastRunMs: meta?.lastEnd === undefined ? undefined : clock.now() - meta.lastEnd.endedAt,
    };
  } finally {
    ended.abort();
  }
}

export interface SweepPorts {
  readonly state: State;
  readonly journal: Journal;
  readonly clock: Clock;
}

export interface SweepSettings {
  readonly type: string;
  readonly destinations: readonly Destination[];
  readonly decompressedCapBytes: number;
}

export interface SweepReport {
  readonly tally: Tally;
  /** The first thing that went wrong with a run; the others were swept all the same. */
  readonly error: RelayError | undefined;
  /** Runs that the audit found covered by nothing. */
  readonly reopened: number;
  /** Destinations that refused in this pass, with Firehose's code. */
  readonly refusing: Readonly<Record<string, string>>;
  /** Age of the oldest run that some destination has not got whole; 0 when there is none. */
  readonly oldestUndeliveredMs: number;
  readonly openRuns: number;
  /** Objects in quarantine, and those that Firehose wrote of what destinations refused. */
  readonly waitingForOperator: number;
  /** Since the last run ended; undefined where none has yet. */
  readonly sinceLastRunMs: number | undefined;
}

/**
 * From one sweep to the next: were a pass longer, two would deliver the same batches at once, at twice the share of the
 * quota. @see ../../infra/constructs/collector-schedules.ts
 */
const passMs = 5 * 60_000;
/** For the gauges, which list what waits. */
const closeBudgetMs = 25_000;

function inOrder(open: readonly OpenRun[], destinations: Pass['destinations']): readonly OpenRun[] {
  return open
    .map((one) => ({ one, last: waitsForRemoved(one, destinations) ? 1 : 0, tries: countTries(one) }))
    .sort((a, b) => a.last - b.last || a.tries - b.tries || a.one.startedAt - b.one.startedAt)
    .map(({ one }) => one);
}

function countTries({ tries }: OpenRun): number {
  return Object.values(tries).reduce((sum, { count }) => sum + count, 0);
}

async function stillWaiting(
  { state, journal }: SweepPorts,
  now: number,
): Promise<Pick<SweepReport, 'oldestUndeliveredMs' | 'openRuns'>> {
  const open = (await state.listOpen()).toSorted((a, b) => owedSince(a) - owedSince(b));
  for (const each of open) {
    // A run that is still collecting, or was killed before it journaled anything, owes nothing yet.
    const last = (await journal.numbers(each)).at(-1) ?? 0;
    if (Object.values(each.done).some((done) => done < last)) {
      return { oldestUndeliveredMs: now - owedSince(each), openRuns: open.length };
    }
  }
  return { oldestUndeliveredMs: 0, openRuns: open.length };
}

function owedSince(open: OpenRun): number {
  return open.owedSince ?? open.startedAt;
}
