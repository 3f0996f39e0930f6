import { endOfString } from '../../functions/collector/answers/json-tokens.ts';
import { decodedText } from '../../functions/collector/views/decoded-text.ts';
import {
  afterSpace,
  closeArray,
  closeObject,
  comma,
  endOfValue,
  openArray,
  openObject,
} from '../../functions/collector/views/json-walk.ts';
import type { CompiledView, MemberAction } from '../../functions/stored/compiled-view.ts';
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
  const opens = event[at] === openObject || event[at] === openArray;
  if (opens && action === 'keep' && depth < deepest) return hiddenItems(event, where);
  return { text: signs[action], end: endOfValue(event, at) };
}

function hiddenItems(event: Uint8Array, { at: open, place, depth, members }: Where): Hidden {
  const isObject = event[open] === openObject;
  const close = isObject ? closeObject : closeArray;
  const items: string[] = [];
  let at = afterSpace(event, open + 1);
  while (event[at] !== close) {
    let key = '';
    let here = place;
    if (isObject) {
      const keyEnd = endOfString(event, at + 1);
      const name = decodedText(event, at + 1, keyEnd - 1);
      key = `${JSON.stringify(name)}:`;
      here = place.member(name);
      at = afterSpace(event, afterSpace(event, keyEnd) + 1);
    } else here = place.element();
    const { text, end } = hiddenValue(event, { at, place: here, depth: depth + 1, members });
    items.push(`${key}${text}`);
    at = afterSpace(event, end);
    if (event[at] === comma) at = afterSpace(event, at + 1);
  }
  const text = items.join(',');
  return { text: isObject ? `{${text}}` : `[${text}]`, end: at + 1 };
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
