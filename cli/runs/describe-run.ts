import type { RunRecord } from '../../functions/stored/run-item.ts';
import { durationText, plural } from '../text.ts';

/** `drained, 1,204 events in 2 batches, 4 s` */
export function describeRun(record: RunRecord): string {
  const outcome = record.code === undefined ? record.outcome : `${record.outcome} (${record.code})`;
  const events = `${plural(record.events, 'event')} in ${plural(record.batches, 'batch', 'batches')}`;
  return `${outcome}, ${events}, ${durationText(record.endedAt - record.startedAt)}`;
}
