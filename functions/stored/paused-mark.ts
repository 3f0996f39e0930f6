/**
 * The mark that `relay pause` leaves in the description of a collect schedule. By this mark a sweep tells a pause, of
 * which an operator knows, from a schedule that somebody disabled by hand.
 */
const mark = ' (paused by relay pause)';

/** @returns the description with the mark, once */
export function markedPaused(description: string | undefined): string {
  return `${unmarked(description) ?? ''}${mark}`;
}

/** @returns the description as it was before the mark; undefined where that was empty */
export function unmarked(description: string | undefined): string | undefined {
  const before = description?.endsWith(mark) ? description.slice(0, -mark.length) : description;
  return before === '' ? undefined : before;
}

export function isMarkedPaused(description: string | undefined): boolean {
  return description?.endsWith(mark) ?? false;
}
