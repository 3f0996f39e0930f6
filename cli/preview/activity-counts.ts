import { endOfString } from '../../functions/collector/answers/json-tokens.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import { createActivityFilter } from '../../functions/collector/views/activity-filter.ts';
import { decodedText } from '../../functions/collector/views/decoded-text.ts';
import type { CompiledView } from '../../functions/stored/compiled-view.ts';
import { isTextAt } from '../json-items.ts';

/** How often each rule of activities met, and which activities no rule names. */
export interface ActivityCounts {
  /** The rule that names an activity: its index, or -1. */
  ruleOf(activity: string): number;
  /** True for an event that the rules leave out. */
  drops(activity: string | undefined): boolean;
  add(activity: string | undefined, lineBytes: number): void;
  /** By the index of the rule: events, and the bytes of their lines. */
  readonly met: readonly { events: number; bytes: number }[];
  /** Activities that no rule names, the most frequent first. */
  unnamed(): readonly { readonly activity: string; readonly events: number }[];
  /** Every activity that events have had. */
  names(): readonly string[];
}

export function createActivityCounts({ activities }: Pick<CompiledView, 'activities'>): ActivityCounts {
  const filter = activities && createActivityFilter(activities);
  const seen = new Map<string, number>();
  const met = (filter?.names ?? []).map(() => ({ events: 0, bytes: 0 }));
  const ruleOf = (activity: string) => filter?.ruleOf(activity) ?? -1;
  return {
    ruleOf,
    met,
    drops: (activity) =>
      filter !== undefined && (activity !== undefined && ruleOf(activity) >= 0) !== filter.keeps,
    add(activity, lineBytes) {
      if (activity === undefined) return;
      if (seen.has(activity) || seen.size < mostActivities) seen.set(activity, (seen.get(activity) ?? 0) + 1);
      const rule = met[ruleOf(activity)];
      if (rule === undefined) return;
      rule.events += 1;
      rule.bytes += lineBytes;
    },
    unnamed: () =>
      [...seen]
        .filter(([activity]) => ruleOf(activity) === -1)
        .map(([activity, events]) => ({ activity, events }))
        .toSorted((one, other) => other.events - one.events),
    names: () => [...seen.keys()],
  };
}

/** The activity of an event; undefined where it has none, or one that is no text. */
export function activityOf({ source, activities }: Cut, index: number): string | undefined {
  const start = activities.starts[index]!;
  if (activities.ends[index]! === start || !isTextAt(source, start)) return undefined;
  return decodedText(source, start + 1, endOfString(source, start + 1) - 1);
}

const mostActivities = 2_000;
