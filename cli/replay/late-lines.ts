import { findLate, type ReceiverAges } from '../../functions/collector/delivery/late-events.ts';
import type { CutBatch } from '../../functions/collector/protocol/ports/answers.ts';
import type { DestinationView } from '../../functions/collector/views/destination-view.ts';

/**
 * Finds the events that a receiver finds too old or too new, by the timestamp that the destination may see. An event that
 * the destination's view drops is not among them.
 *
 * @returns their indexes in the cut, ascending
 */
export async function findLateLines(
  { cut: raw, batch }: CutBatch,
  { ages, view, type, now }: LateAt,
): Promise<readonly number[]> {
  if (ages === undefined) return [];
  const seen = await view?.see(raw, type, batch.collectedAt);
  const { marks } = findLate(seen?.cut ?? raw, ages, now);
  const late: number[] = [];
  marks?.forEach((mark, place) => {
    if (mark === 1) late.push(seen?.indexes[place] ?? place);
  });
  return late;
}

interface LateAt {
  /** Absent where the receiver has no limit of age. */
  readonly ages: ReceiverAges | undefined;
  /** Absent where the destination sees everything. */
  readonly view: DestinationView | undefined;
  /** The stream's type. */
  readonly type: string;
  /** Ms since the epoch. */
  readonly now: number;
}
