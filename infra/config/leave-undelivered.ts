import type { ChosenStage } from './choose-stage.ts';
import { shown } from './fields.ts';

/**
 * Lets a deploy make changes by which undelivered batches are left behind or deleted early, which it otherwise refuses.
 *
 * @param written `-c undelivered=…`
 */
export function leaveUndelivered(chosen: ChosenStage, written: unknown): ChosenStage {
  if ('problems' in chosen || written === undefined) return chosen;
  if (written !== 'leave') {
    return { problems: [`undelivered: ${shown(written)} will not do; give leave, or take it out`] };
  }
  return { stage: { ...chosen.stage, leaveUndelivered: true } };
}
