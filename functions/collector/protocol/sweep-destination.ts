import { closeIfComplete, isCounted, lookAt, passLost } from './sealed-run.ts';
import { attemptBatch } from './sweep-batch.ts';
import type { Pass, SealedRun } from './sweep-pass.ts';
import { toRelayError } from './to-relay-error.ts';

/**
 * Delivers what one destination lacks, run by run, until it has everything, refuses, or the pass is over.
 *
 * A run that cannot be read or closed holds up no other; what went wrong is kept in `pass.failure`.
 */
export async function sweepDestination(name: string, pass: Pass): Promise<void> {
  for (const run of pass.runs) {
    if (pass.refusing.has(name) || !pass.hasTime()) return;
    if (run.closed || !run.done.has(name) || !isWorthALook(run, name)) continue;
    try {
      await sweepRun(run, name, pass);
    } catch (error) {
      pass.failure ??= toRelayError(error);
    }
  }
}

/** The destinations, the one first whose oldest owed batch is the oldest. */
export function furthestBehindFirst(names: readonly string[], runs: readonly SealedRun[]): readonly string[] {
  const placed = names.map((name) => {
    const first = runs.findIndex((run) => run.done.has(name) && isWorthALook(run, name));
    return { name, first: first < 0 ? runs.length : first, done: runs[first]?.done.get(name) ?? 0 };
  });
  return placed.toSorted((a, b) => a.first - b.first || a.done - b.done).map(({ name }) => name);
}

/** False for a run that only other destinations still need: their loops close it, and this one saves a listing. */
function isWorthALook(run: SealedRun, name: string): boolean {
  const lacking = lackingOf(run);
  return lacking === undefined || lacking.length === 0 || lacking.includes(name);
}

async function sweepRun(run: SealedRun, name: string, pass: Pass): Promise<void> {
  const contents = await lookAt(run, pass);
  for (let done = run.done.get(name)!; done < contents.last; done = run.done.get(name)!) {
    if (run.closed || pass.refusing.has(name) || !pass.hasTime()) return;
    if (!contents.present.has(done + 1)) await passLost(run, name, contents, pass);
    else if (!(await attemptBatch({ run, name, number: done + 1 }, pass))) return;
  }
  await closeIfComplete(run, contents, pass);
}

/**
 * Tries the batches once more whose last attempt ended in a crash or timeout, one alone at a time. If the process
 * crashes again, the batch is known. A sound batch that was under way beside it is cleared.
 */
export async function attemptStandingTries(pass: Pass): Promise<void> {
  const standing = pass.runs.flatMap((run) =>
    Object.entries(run.open.tries)
      .filter(([name, { number }]) => number === (run.done.get(name) ?? 0) + 1 && pass.destinations.has(name))
      .map(([name, { number, count }]) => ({ run, name, number, count })),
  );
  for (const { run, name, number } of standing.toSorted((a, b) => a.count - b.count)) {
    if (!pass.hasTime()) return;
    if (pass.refusing.has(name)) continue;
    const ended = new AbortController();
    const limit = new AbortController();
    void pass.ports.clock.sleep(standingMs, ended.signal).then(() => limit.abort());
    try {
      await attemptBatch({ run, name, number }, pass, AbortSignal.any([pass.signal, limit.signal]));
    } catch (error) {
      pass.failure ??= toRelayError(error);
    } finally {
      ended.abort();
    }
  }
}

/** A delivery stream that throttles would otherwise hold up the other destinations. A crash comes at once. */
const standingMs = 20_000;

/**
 * Looks at the runs that no destination's loop has closed: those of a stream without destinations, and, once a day,
 * those that are owed to removed destinations alone. What has left the journal by then is told as lost.
 */
export async function sweepOthers(pass: Pass, onceADay: boolean): Promise<void> {
  for (const run of pass.runs) {
    if (!pass.hasTime()) return;
    const names = [...run.done.keys()];
    const hasLoop = names.some((name) => pass.destinations.has(name));
    if (run.closed || (waitsForRemoved(run, pass) ? !onceADay : hasLoop)) continue;
    try {
      const contents = await lookAt(run, pass);
      for (const name of names) {
        const next = run.done.get(name)! + 1;
        if (pass.destinations.has(name) || next > contents.last || contents.present.has(next)) continue;
        await passLost(run, name, contents, pass);
      }
      await closeIfComplete(run, contents, pass);
    } catch (error) {
      pass.failure ??= toRelayError(error);
    }
  }
}

/** True if only destinations that were removed from the settings still need the run, so that no loop can deliver it. */
function waitsForRemoved(run: SealedRun, { destinations }: Pass): boolean {
  const lacking = lackingOf(run) ?? [];
  return lacking.length > 0 && lacking.every((name) => !destinations.has(name));
}

/** The destinations that lack batches of a run; undefined until the run's last number is final. */
function lackingOf({ open, done }: SealedRun): readonly string[] | undefined {
  if (!isCounted(open)) return undefined;
  return [...done].filter(([, number]) => number < open.lastNumber!).map(([name]) => name);
}
