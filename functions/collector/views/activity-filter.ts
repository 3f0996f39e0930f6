import type { ActivityRules } from '../../stored/compiled-view.ts';

/** Tells by an event's activity whether a destination sees the event. */
export interface ActivityFilter {
  /** True where `keep` names what is seen, so that an event without an activity is not. */
  readonly keeps: boolean;
  /** The names of the rules, in the order of their counts. */
  readonly names: readonly string[];
  /** The index of the rule that names an activity; -1 where none does. */
  ruleOf(activity: string): number;
}

export function createActivityFilter(rules: ActivityRules): ActivityFilter {
  const keeps = 'keep' in rules;
  const names = keeps ? rules.keep : rules.drop;
  const whole = new Map<string, number>();
  const beginnings: (readonly [string, number])[] = [];
  names.forEach((name, index) => {
    if (name.endsWith('*')) beginnings.push([name.slice(0, -1), index]);
    else whole.set(name, index);
  });
  return {
    keeps,
    names,
    ruleOf(activity) {
      const index = whole.get(activity);
      if (index !== undefined) return index;
      return beginnings.find(([beginning]) => activity.startsWith(beginning))?.[1] ?? -1;
    },
  };
}
