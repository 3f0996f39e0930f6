import type { TimeRange } from '../replay/waiting.ts';
import type { EventPlace, JournalWindow } from './journal-window.ts';
import { type LookedFor, lookFor } from './look-for.ts';
import { type Standing, standingOf } from './owed.ts';
import { arrivalHours } from './readable-destination.ts';
import type { ComparisonContext, DestinationEvidence, Why, WindowComparison } from './window-comparison.ts';

/** Looks for everything that was journaled in a window at one destination, and adds to its evidence. */
export async function compareWindow(comparison: WindowComparison, context: ComparisonContext): Promise<void> {
  const { journal, holding, window, evidence } = comparison;
  const looked = lookFor(comparison, context);
  for (const hour of arrivalHours(window.from, context.now)) {
    // Objects that arrived later than the next hour are read only while an event is missing.
    if (hour >= window.to && (await looked.hasEverything())) break;
    for await (const { lines } of holding.objects(hour)) for (const line of lines) await looked.at(line);
  }
  evidence.held += looked.held.size;
  evidence.notJournaled += looked.strangers.size;
  evidence.notCompared += looked.uncompared.size;
  evidence.otherKey += looked.otherKey.size;
  await noteUnheld(journal, { ...comparison, looked }, context);
}

const mostMissingShown = 20;
/** Twice the longest time that Firehose may buffer. */
const underWayMs = 30 * 60_000;

async function noteUnheld(
  journal: JournalWindow,
  {
    evidence,
    window,
    looked,
  }: Pick<WindowComparison, 'evidence' | 'window'> & { readonly looked: LookedFor },
  context: ComparisonContext,
): Promise<void> {
  const isHidden = await looked.isHidden();
  const mayHold = looked.uncompared.size + looked.otherKey.size;
  let lacking = 0;
  for (const [id, place] of journal.ids) {
    if (looked.held.has(id)) continue;
    if (isHidden(id)) {
      evidence.leftOut += 1;
      continue;
    }
    const owed = await firstOwed(evidence.name, place, context.runs);
    if (owed === undefined) evidence.notOwed += 1;
    else if (mayHold > 0 && owed.standing !== 'waiting') lacking += 1;
    else noteMissing(evidence, { id, owed, window }, context);
  }
  // Each line that cannot be compared may be any of the lacking events.
  const unnamed = Math.max(0, lacking - mayHold);
  evidence.unnamed += unnamed;
  evidence.missing += unnamed;
}

function noteMissing(
  evidence: DestinationEvidence,
  { id, owed, window }: { readonly id: string; readonly owed: Owed; readonly window: TimeRange },
  { quarantine, now }: ComparisonContext,
): void {
  const { standing, index } = owed;
  const { run, number, key } = owed.batch;
  let why: Why = 'gone';
  if (standing === 'waiting') why = 'waiting';
  else if (quarantine.has(`${run}/${number}`) || quarantine.has(`${run}/${number}/${index}`))
    why = 'quarantined';
  else if (now - window.to < underWayMs) why = 'underWay';
  else if (standing === 'unknown') why = 'unknown';
  evidence[why] += 1;
  evidence.missing += 1;
  if (evidence.missingEvents.length < mostMissingShown)
    evidence.missingEvents.push({ eventId: id, why, key });
}

/**
 * The first place of an event whose run owes it to the destination, with its standing; undefined where no run owes
 * it.
 */
async function firstOwed(
  destination: string,
  place: EventPlace,
  runs: ComparisonContext['runs'],
): Promise<Owed | undefined> {
  for (const { batch, index } of [place, ...place.again]) {
    const standing = await standingOf(destination, batch, runs);
    if (standing !== 'notOwed') return { batch, index, standing };
  }
  return undefined;
}

interface Owed extends Pick<EventPlace, 'batch' | 'index'> {
  readonly standing: Standing;
}
