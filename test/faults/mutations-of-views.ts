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
    from: 'if (keyed === undefined) raw.copy(',
    to: 'if (keyed !== null) raw.copy(',
    noticedBy: noticedByRuns,
  },
  {
    name: 'leave out of a line by which key it was made',
    file: 'delivery/deliver.ts',
    from: 'key: seen?.key',
    to: 'key: undefined',
    noticedBy: ['functions/collector/views/rotated-key'],
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
    from: 'end === escapedKey',
    to: 'end < 0',
    noticedBy,
  },
  {
    name: 'take what was made of another value of the same place',
    file: 'views/short-values.ts',
    from: 'if (this.#kept[at + shift] !== source[at]) return false;',
    to: 'if (at < 0) return false;',
    noticedBy: ['functions/collector/views/short-values'],
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
    from: 'isNumber(first) ? found(pseudonyms, source, start, end) : masked',
    to: 'isNumber(first) ? found(pseudonyms, source, start, end) : undefined',
    noticedBy,
  },
  {
    name: 'show what is no address',
    file: 'views/replacements.ts',
    from: 'network === undefined ? nullText :',
    to: 'network === undefined ? source.subarray(start, end) :',
    noticedBy,
  },
];
