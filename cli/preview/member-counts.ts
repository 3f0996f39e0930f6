import type { CompiledView } from '../../functions/stored/compiled-view.ts';
import { eachItem, endOfValue, isObjectAt, opensAt } from '../json-items.ts';
import { type RulePlace, rulePlaces } from './rule-places.ts';

/** How often each rule of members met, and which members no rule names. */
export interface MemberCounts {
  /** Adds an event that is seen: valid JSON from `start` to before `end`. */
  add(source: Uint8Array, start: number): void;
  /** By the index of the rule: how often it met, and in how many events. */
  readonly met: readonly Met[];
  /** The same of members that no rule names. */
  readonly others: Met;
  /** Members that no rule names, the most frequent first; of such a member nothing below it. */
  unnamed(): readonly UnnamedMember[];
  /** Every path that events have had, to some depth: what a misspelt rule may mean. */
  paths(): readonly string[];
}

export interface Met {
  times: number;
  events: number;
  /** The last event that counted. */
  last: number;
}

export interface UnnamedMember {
  readonly path: string;
  readonly events: number;
}

export function createMemberCounts({ members }: Pick<CompiledView, 'members'>): MemberCounts {
  const root = createSeenPlace('', rulePlaces(members), false);
  const met = members.map(() => nothing());
  const others = nothing();
  const all: SeenPlace[] = [];
  let event = 0;

  function items(source: Uint8Array, open: number, { at: above, depth }: Within): number {
    return eachItem(source, open, (key, valueAt) => {
      const place = key === undefined ? element(above) : member(above, key);
      return value(source, valueAt, { at: place, depth: depth + 1 });
    });
  }

  function value(source: Uint8Array, at: number, within: Within): number {
    const { rules, isCovered, unnamed } = within.at;
    const opens = opensAt(source, at);
    if (rules.rule >= 0) count(met[rules.rule]!);
    else if (!isCovered && !(opens && rules.reaches)) {
      count(unnamed);
      count(others);
    }
    const isSeenBelow = rules.rule === -1 || members[rules.rule]!.action === 'keep';
    const isDeep = within.depth >= (rules.reaches ? deepestRule : deepestPath);
    return opens && isSeenBelow && !isDeep ? items(source, at, within) : endOfValue(source, at);
  }

  function member(above: SeenPlace, key: string): SeenPlace {
    const known = above.members.get(key);
    if (known !== undefined) return known;
    const name = above === root && key === 'additional_params' ? 'additionalParams' : key;
    const place =
      name === key
        ? createSeenPlace(pathTo(above, key), above.rules.member(key), coversBelow(above, root))
        : member(above, name);
    if (all.length < mostPaths) {
      if (name === key) all.push(place);
      above.members.set(key, place);
    }
    return place;
  }

  function element(above: SeenPlace): SeenPlace {
    if (above.elements === undefined) {
      above.elements = createSeenPlace(pathTo(above, '*'), above.rules.element(), coversBelow(above, root));
      if (all.length < mostPaths) all.push(above.elements);
    }
    return above.elements;
  }

  function count(one: Met): void {
    one.times += 1;
    if (one.last !== event) one.events += 1;
    one.last = event;
  }

  return {
    met,
    others,
    add(source, start) {
      event += 1;
      if (isObjectAt(source, start)) items(source, start, { at: root, depth: 0 });
    },
    unnamed: () =>
      all
        .filter(({ unnamed }) => unnamed.events > 0)
        .map(({ path, unnamed }) => ({ path, events: unnamed.events }))
        .toSorted((one, other) => other.events - one.events),
    paths: () => all.map(({ path }) => path),
  };
}

/** A place that events have had. */
interface SeenPlace {
  readonly path: string;
  readonly rules: RulePlace;
  /** True below a member that a rule names, or none: the place is told of with that member. */
  readonly isCovered: boolean;
  readonly unnamed: Met;
  readonly members: Map<string, SeenPlace>;
  elements: SeenPlace | undefined;
}

interface Within {
  readonly at: SeenPlace;
  readonly depth: number;
}

function createSeenPlace(path: string, rules: RulePlace, isCovered: boolean): SeenPlace {
  return { path, rules, isCovered, unnamed: nothing(), members: new Map(), elements: undefined };
}

function coversBelow(above: SeenPlace, root: SeenPlace): boolean {
  return above !== root && (above.isCovered || above.rules.rule >= 0 || !above.rules.reaches);
}

function pathTo({ path }: SeenPlace, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function nothing(): Met {
  return { times: 0, events: 0, last: 0 };
}

/** Of a rule's path. */
const deepestRule = 8;
/** Below what no rule reaches, for the sake of misspelt rules alone. */
const deepestPath = 4;
/** Members may be named by values. The rules of further ones count all the same. */
const mostPaths = 5_000;
