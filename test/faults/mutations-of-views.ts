import type { Mutation } from './mutation.ts';

const noticedBy = ['functions/collector/views/apply-view'];

const noticedByRuns = ['functions/collector/views/run-with-views'];

export const mutationsOfViews: readonly Mutation[] = [
  {
    name: 'show raw events where the key of a view cannot be read',
    file: 'delivery/deliver.ts',
    from: "seen !== undefined && 'refusal' in seen",
    to: 'false',
    also: { from: 'seen?.cut ?? raw', to: "seen !== undefined && 'cut' in seen ? seen.cut : raw" },
    noticedBy: noticedByRuns,
  },
  {
    name: 'leave the ids of masked events unkeyed',
    file: 'views/see-cut.ts',
    from: 'if (keyed === undefined) ids.set(id, at);',
    to: 'if (keyed !== null) ids.set(id, at);',
    noticedBy: noticedByRuns,
  },
  {
    name: 'leave a comma out behind a removed member',
    file: 'views/view-writer.ts',
    from: 'this.#from = kept === 0 ? itemAt : endBefore;',
    to: 'this.#from = itemAt;',
    noticedBy,
  },
  {
    name: 'leave a comma in before a removed member',
    file: 'views/view-writer.ts',
    from: 'if (!isLeavingOut) this.#copyTo(endBefore);',
    to: 'if (!isLeavingOut) this.#copyTo(itemAt);',
    noticedBy,
  },
  {
    name: 'take an escaped key for another',
    file: 'views/member-rules.ts',
    from: '!hasEscape(source, start, end)',
    to: 'start <= end',
    noticedBy,
  },
  {
    name: 'let a wildcard win over a name',
    file: 'views/member-rules.ts',
    from: '[named.get(name) ?? [], any ?? []]',
    to: '[any ?? [], named.get(name) ?? []]',
    noticedBy,
  },
  {
    name: 'show the raw value where no pseudonym can be made',
    file: 'views/replacements.ts',
    from: 'isNumber(first) ? pseudonyms(source, { start, end, make: pseudonymOf }) : masked',
    to: 'isNumber(first) ? pseudonyms(source, { start, end, make: pseudonymOf }) : undefined',
    noticedBy,
  },
  {
    name: 'show what is no address',
    file: 'views/replacements.ts',
    from: 'network === undefined ? nullText :',
    to: 'network === undefined ? Buffer.from(value) :',
    noticedBy,
  },
];
