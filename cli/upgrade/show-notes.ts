import { indented, type Paint, plural } from '../text.ts';
import type { ReleaseNote } from './release-notes.ts';

interface ShownNotes {
  readonly paint: Paint;
  readonly columns: number;
  /** The number of notes that are left out, because they concern other kinds of destination. */
  readonly left: number;
}

/** A part for each step between two versions: what it changes, how that was before, and how it is from then on. */
export function notesText(
  notes: readonly ReleaseNote[],
  { paint, columns, left }: ShownNotes,
): readonly string[] {
  const steps = [...Map.groupBy(notes, ({ section }) => section)].map(([section, its]) =>
    [
      paint(`${section}, by docs/upgrade.md`, 'bold'),
      ...its.flatMap(({ what, before, after }) => [
        indented(what, { by: 2, columns }),
        ...(before === '' ? [] : [indented(`before: ${before}`, { by: 4, columns })]),
        indented(`now: ${after === '' ? 'see docs/upgrade.md' : after}`, { by: 4, columns }),
      ]),
    ].join('\n'),
  );
  if (left === 0) return steps;
  const about = `${plural(left, 'note')} about kinds of destination that this stage does not have: --all`;
  return [...steps, about];
}
