import { RelayError } from '../../relay-error.ts';
import { recoveryRunsOf } from '../../stored/recovery-run.ts';
import { closeBudgetMs } from '../budgets.ts';
import { decompressedCapBytes } from '../protocol/large-answers.ts';
import type { ComparedHour, ComparePorts, CompareReport, CompareSettings } from './comparison.ts';
import { createFingerprints, type Fingerprints, marks } from './fingerprints.ts';
import { catchUpMs, hourMs, nextHour, type WitnessHour, widthMs } from './next-hour.ts';
import { primaryRuns } from './primary-runs.ts';
import { eachId, readBatches } from './read-batches.ts';
import { recoverMissing } from './recover.ts';

/**
 * Compares the events that a witness read, hour by hour, with its primary's journal, and adds missing events there.
 *
 * Both are compared as sets, since either side may repeat. An hour is marked when it is done; a process that dies
 * before does it again, finds what it had already added, and adds nothing twice.
 * @param deadline when Lambda ends the invocation, in ms since the epoch
 * @throws {RelayError} `WitnessTooSlow` when one hour does not fit into an invocation; it is then not marked
 */
export async function compare(
  ports: ComparePorts,
  settings: CompareSettings,
  deadline: number,
): Promise<CompareReport> {
  const { clock, witness } = ports;
  const overAt = deadline - closeBudgetMs;
  const enoughUntil = clock.now() + (overAt - clock.now()) / 2;
  const hours: ComparedHour[] = [];
  for (;;) {
    const next = await nextHour(ports);
    if (next.kind === 'waiting') return { hours, waitingFor: next.for };
    if (next.kind === 'empty') {
      hours.push({ from: next.from, ...nothingRead });
    } else {
      const compared = await compareHour(next.hour, { ports, settings, overAt });
      if (compared === undefined)
        return { hours, waitingFor: 'the primary to read or to explain what it lacks' };
      hours.push(compared);
    }
    await witness.state.meta.markCompared(hours.at(-1)!.from + hourMs);
    if (clock.now() > enoughUntil) return { hours, waitingFor: 'the next invocation' };
  }
}

const nothingRead = { compared: 0, missing: 0, recovered: 0, incomparable: false, narrowed: false };

/** Above this share, and above what the primary's possible loss explains, the copies are not comparable. */
const mostMissingShare = 0.05;

interface Comparing {
  readonly ports: ComparePorts;
  readonly settings: CompareSettings;
  readonly overAt: number;
}

/** @returns undefined where the primary may still read or explain what it lacks */
async function compareHour(hour: WitnessHour, at: Comparing): Promise<ComparedHour | undefined> {
  const { ports, settings, overAt } = at;
  const startedAt = ports.clock.now();
  const events = await readHour(hour, at);
  // Time is kept for a recovery, which reads the missing events once more and writes them.
  const searchUntil = overAt - (settings.mode === 'recover' ? 2 * (ports.clock.now() - startedAt) : 0);
  const searched = await searchPrimary(events, hour, { ...at, overAt: searchUntil });
  const before = events.recovered;
  const missing = events.missing + before;
  const explained = explainedEvents(hour, searched.damaged, settings.primary.batchSize);
  const unexplained = missing > events.size * mostMissingShare && missing > explained;
  if (unexplained && startedAt < hour.to + catchUpMs) return undefined;
  const incomparable = unexplained && !hour.past.tableRestored;
  if (settings.mode === 'recover' && !incomparable && events.missing > 0) {
    await recoverMissing(events, { hour, until: overAt }, ports, settings);
  }
  return {
    from: hour.from,
    compared: events.size,
    missing,
    recovered: events.recovered,
    incomparable,
    narrowed: searched.narrowed,
  };
}

/**
 * How many missing events the primary's own losses explain: those of the time in which it read most of the hour, or
 * all of a day less what has been recovered of them.
 */
function explainedEvents(hour: WitnessHour, damaged: number, batchSize: number): number {
  const { possibleLoss, past } = hour;
  return Math.max(
    (possibleLoss + damaged) * batchSize,
    (past.possibleLoss + damaged) * batchSize - past.recoveredEvents,
  );
}

async function readHour(hour: WitnessHour, { ports, settings, overAt }: Comparing): Promise<Fingerprints> {
  const events = createFingerprints();
  const { journal } = ports.witness;
  for await (const opened of readBatches(journal, hour.runs, decompressedCapBytes(settings))) {
    if (ports.clock.now() > overAt) throw tooSlow(hour);
    const { collectedAt } = opened.batch;
    if (collectedAt < hour.from || collectedAt >= hour.to) continue;
    eachId(opened, settings.type, events.add);
  }
  return events;
}

/** Marks what the primary has, nearest runs first, until nothing remains or 24 hours are searched. */
async function searchPrimary(
  events: Fingerprints,
  hour: WitnessHour,
  { ports, settings, overAt }: Comparing,
): Promise<{ readonly narrowed: boolean; readonly damaged: number }> {
  const { clock, primary } = ports;
  const width = { from: hour.from - widthMs, to: Math.min(hour.to + widthMs, clock.now()) };
  let damaged = 0;
  for (const run of await primaryRuns(ports, hour.near, width)) {
    if (events.missing === 0 && events.recovered === 0) break;
    for await (const opened of readBatches(primary.journal, [run], decompressedCapBytes(settings))) {
      if (clock.now() > overAt) {
        if (run.distanceMs === 0) throw tooSlow(hour);
        return { narrowed: true, damaged };
      }
      // The run has counted an answer that was cut off as possible loss.
      if ('damaged' in opened && !opened.batch.cutOff && run.distanceMs === 0) damaged += 1;
      const mark = run.run.startsWith(recoveryRunsOf(hour.from)) ? marks.recovered : marks.present;
      eachId(opened, settings.type, (ids, index) => events.mark(ids, index, mark));
    }
  }
  return { narrowed: false, damaged };
}

function tooSlow({ from }: WitnessHour): RelayError {
  const hour = new Date(from).toISOString();
  return new RelayError(
    'WitnessTooSlow',
    `What the witness read in the hour from ${hour} could not be compared within one invocation, and is tried again. ` +
      "Give the stream more memory, which brings more CPU, if this goes on; its journal's lifetime is the time there is.",
    { facts: { hour } },
  );
}
