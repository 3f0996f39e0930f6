import type { SearchedDamage } from './search-damaged.ts';
import type { Trace } from './trace-event.ts';

/** Describes one event for a person, one line for each fact. */
export function describeTrace(trace: Trace): string {
  const { journal, run } = trace;
  const happened = trace.timestamp === undefined ? '' : `, happened ${trace.timestamp}`;
  const ran =
    run === undefined ? 'no record of its end' : `${run.outcome}, from ${run.startedAt} to ${run.endedAt}`;
  return [
    `${trace.eventId} of ${trace.stream} (${trace.type})${happened}`,
    ...(trace.keyedIds ?? []).map((id) => `  ${id} where a view changes members`),
    `  journaled  ${trace.collectedAt}, event ${journal.index} of ${journal.key}`,
    `  run        ${journal.run}: ${ran}`,
    ...trace.destinations.flatMap(({ name, state, late, mayBeLate, objects, lookedUntil, backups }) => [
      `  ${name.padEnd(10)} ${late === undefined ? '' : lateText[late]}${state === 'late' ? '' : stateText[state]}`,
      ...(mayBeLate === undefined ? [] : [`             ${mayBeLateText[mayBeLate]}`]),
      ...(lookedUntil === undefined ? [] : [`             ${notLookedFor(lookedUntil)}`]),
      ...objects.map((object) => `             in ${object}`),
      ...backups.map((object) => `             backed up in ${object}`),
    ]),
    ...trace.quarantine.map((key) => `  quarantine ${key}`),
  ].join('\n');
}

function notLookedFor(lookedUntil: string): string {
  return `in no object that arrived before ${lookedUntil}; later ones were not read: relay verify reads them`;
}

const stateText = {
  accepted: 'accepted by its delivery stream',
  waiting: 'waiting for the sweep',
  notOwed: 'not owed: the run that collected it had no such destination',
  unknown:
    'not known: nothing is left of its progress; the daily audit delivers what it finds of the last days, replay the rest',
} as const;

const lateText = {
  'held-back':
    'late: too old or too new for its receiver, and not sent; relay replay --source journal --late sends it',
  refused: 'late: its receiver refuses an event that is so old or so new',
  dropped: 'late: its receiver drops an event that is so old or so new',
  're-dated': 'kept by its receiver under the time of its arrival: ',
} as const;

const about = 'may be late: the event became too old or too new for its receiver about when it was delivered';
const mayBeLateText = {
  'held-back': `${about}, and may not have been sent`,
  refused: `${about}, and may have been refused there`,
  dropped: `${about}, and may have been dropped there`,
  're-dated': `${about}, and may stand there under the time of its arrival`,
} as const;

/** Describes batches that are no arrays of events: those with the text, and those that could not be searched. */
export function describeDamage(damaged: readonly SearchedDamage[]): readonly string[] {
  const parts = [
    [true, 'The text lies in a batch that is no array of events, and so in quarantine:'],
    ['unknown', 'No array of events, and not to be searched, so it may lie there:'],
  ] as const;
  return parts.flatMap(([holds, heading]) => {
    const some = damaged.filter((each) => each.holds === holds);
    if (some.length === 0) return [];
    const rest = some.length - mostNamed;
    return [
      [
        heading,
        ...some
          .slice(0, mostNamed)
          .map(({ key, reason, collectedAt }) => `  ${key} (${reason}), collected ${collectedAt}`),
        ...(rest > 0 ? [`  and ${rest.toLocaleString('en')} more; --json names all`] : []),
      ].join('\n'),
    ];
  });
}

const mostNamed = 20;
