import type { RunRecord } from '../../functions/stored/run-item.ts';
import {
  mostUnknownNames,
  type UnknownName,
  type UnknownNames,
} from '../../functions/stored/unknown-names.ts';
import { count, plural } from '../text.ts';

/** Adds up what runs met that no document names, the most frequent name first; undefined where they met nothing. */
export function sumUnknown(records: readonly Pick<RunRecord, 'unknown'>[]): UnknownNames | undefined {
  const met = records.flatMap(({ unknown }) => unknown ?? []);
  if (met.length === 0) return undefined;
  const names = new Map<string, UnknownName>();
  for (const one of met.flatMap((each) => each.names)) {
    const key = nameText(one);
    names.set(key, { ...one, count: one.count + (names.get(key)?.count ?? 0) });
  }
  const sum = (of: 'sampled' | 'activities' | 'members') => met.reduce((total, each) => total + each[of], 0);
  return {
    sampled: sum('sampled'),
    activities: sum('activities'),
    members: sum('members'),
    names: [...names.values()].toSorted((a, b) => b.count - a.count),
  };
}

/** `activity new_thing`, `member eMail` or `member additionalParams.riskColour`. */
export function nameText({ kind, name }: Pick<UnknownName, 'kind' | 'name'>): string {
  if (kind === 'activity') return `activity ${name}`;
  return `member ${kind === 'parameter' ? 'additionalParams.' : ''}${name}`;
}

/** `2 events of an unknown activity and 7 unknown members in 400 sampled events`. */
export function unknownText({ sampled, activities, members }: UnknownNames): string {
  const parts = [
    ...(activities === 0 ? [] : [`${plural(activities, 'event')} of an unknown activity`]),
    ...(members === 0 ? [] : [plural(members, 'unknown member')]),
  ];
  return `${parts.join(' and ')} in ${plural(sampled, 'sampled event')}`;
}

/** How often something unknown had no name that can be told, or came after the names that a run tells. */
export function unnamedOf({ activities, members, names }: UnknownNames): number {
  return activities + members - names.reduce((sum, each) => sum + each.count, 0);
}

/** The most frequent names with their counts, and how many there are beside them: `activity new_thing (2)`. */
export function namesText(unknown: UnknownNames): string {
  const { names } = unknown;
  const unnamed = unnamedOf(unknown);
  return [
    ...names.slice(0, mostUnknownNames).map((each) => `${nameText(each)} (${count(each.count)})`),
    ...(names.length > mostUnknownNames ? [`${count(names.length - mostUnknownNames)} more names`] : []),
    ...(unnamed > 0 ? [`${count(unnamed)} without a name that can be told`] : []),
  ].join(', ');
}
