import type { AlarmChange } from '@mosaic-relay/cdk-loopback';
import { dateText } from '../../cli/text.ts';

/**
 * Tells each alarm that goes red or recovers, once.
 *
 * @param history every change of state, oldest first, to which later ones are added
 * @returns a line for each change since the call before: `2026-03-02 08:17 UTC ALARM cis-splunk-Failing: …`
 */
export function alarmLines(history: readonly AlarmChange[]): () => readonly string[] {
  let told = 0;
  return () => {
    const changes = history.slice(told);
    told = history.length;
    return changes.flatMap(({ name, time, from, to, reason }) => {
      if (to === 'ALARM') return [`${dateText(time)} ALARM ${name}: ${reason}`];
      return from === 'ALARM' ? [`${dateText(time)} ${name} recovers`] : [];
    });
  };
}
