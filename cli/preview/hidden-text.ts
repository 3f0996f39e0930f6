import type { CompiledView, MemberAction } from '../../functions/stored/compiled-view.ts';
import { eachItem, endOfValue, isObjectAt, opensAt } from '../json-items.ts';
import { type RulePlace, rulePlaces } from './rule-places.ts';

/**
 * An event's members without their values: an ellipsis stands for each value, and the action's name for a value that a
 * view made.
 *
 * @param view absent for an event as it was sent
 */
export function hiddenText(event: Uint8Array, view?: Pick<CompiledView, 'members'>): string {
  const members = view?.members ?? [];
  const place = rulePlaces(members);
  return hiddenValue(event, { at: 0, place, depth: 0, members }).text;
}

interface Where {
  readonly at: number;
  readonly place: RulePlace;
  readonly depth: number;
  readonly members: CompiledView['members'];
}

interface Hidden {
  readonly text: string;
  readonly end: number;
}

function hiddenValue(event: Uint8Array, where: Where): Hidden {
  const { at, place, members, depth } = where;
  const action = place.rule === -1 ? 'keep' : members[place.rule]!.action;
  if (opensAt(event, at) && action === 'keep' && depth < deepest) return hiddenItems(event, where);
  return { text: signs[action], end: endOfValue(event, at) };
}

function hiddenItems(event: Uint8Array, { at: open, place, depth, members }: Where): Hidden {
  const items: string[] = [];
  const end = eachItem(event, open, (key, at) => {
    const here = key === undefined ? place.element() : place.member(key);
    const hidden = hiddenValue(event, { at, place: here, depth: depth + 1, members });
    items.push(key === undefined ? hidden.text : `${JSON.stringify(key)}:${hidden.text}`);
    return hidden.end;
  });
  const text = items.join(',');
  return { text: isObjectAt(event, open) ? `{${text}}` : `[${text}]`, end };
}

const signs: Readonly<Record<MemberAction, string>> = {
  keep: '…',
  // A removed member stands in no view; what an event as it was sent has there is a value like others.
  remove: '…',
  mask: '"***"',
  pseudonym: '<pseudonym>',
  network: '<network>',
};
const deepest = 12;
