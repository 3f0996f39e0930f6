import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import type { MemberAction, WrittenView } from '../../../../functions/stored/compiled-view.ts';

/**
 * What a view makes of an event, worked out the slow way: the text is read into a tree that keeps every spelling, the
 * tree is changed by comparing whole paths, and the tree is written again.
 */
export function modelOfView(
  view: WrittenView,
  text: string,
  key?: { readonly id: string; readonly secret: Uint8Array },
): string {
  const tree = parse(text);
  const rules = Object.entries(view.members ?? {}).map(([path, action]) => ({
    steps: path.replace(/^additional_params(?=\.|$)/, 'additionalParams').split('.'),
    action,
  }));
  const removesOthers = view.otherMembers === 'remove';
  if (tree.items === undefined || tree.open !== '{') {
    if (removesOthers || rules.some(({ action }) => action !== 'keep')) return 'refused';
  }
  if (!maySee(view.activities, tree)) return 'dropped';
  if (tree.items === undefined || tree.open !== '{') return text;
  const seen = write(change(tree, [], removesOthers));
  return Buffer.byteLength(seen) > 2 * Buffer.byteLength(text) + 256 ? 'refused' : seen;

  function change(node: Tree, path: readonly Step[], removes: boolean): Tree {
    if (node.items === undefined) return node;
    const left = node.items.flatMap((item): readonly Item[] => {
      const place: readonly Step[] = [...path, item.key === undefined ? anElement : stepOf(item.key, path)];
      const exact = rules.filter(({ steps }) => steps.length === place.length && leads(steps, place));
      const [rule] = exact.toSorted((one, other) => (sortKey(one.steps) < sortKey(other.steps) ? -1 : 1));
      const below = rules.some(({ steps }) => steps.length > place.length && leads(steps, place));
      const descends = below && item.value.items !== undefined;
      if (rule === undefined && !descends) return removes ? [] : [item];
      if (rule?.action === 'remove') return [];
      if (rule === undefined || rule.action === 'keep')
        return [
          {
            ...item,
            value: descends ? change(item.value, place, removes && rule === undefined) : item.value,
          },
        ];
      return [{ ...item, value: { text: replaced(rule.action, item.value, key) } }];
    });
    return { ...node, items: left };
  }
}

const anElement: unique symbol = Symbol('an element of an array');
type Step = string | typeof anElement;

interface Tree {
  /** Of a scalar. */
  readonly text?: string;
  readonly open?: '{' | '[';
  readonly first?: string;
  readonly last?: string;
  readonly items?: readonly Item[];
}

interface Item {
  /** The comma and the white space around it. */
  readonly before: string;
  /** As it is spelled, with its quotes. */
  readonly key?: string;
  readonly colon?: string;
  readonly value: Tree;
}

function stepOf(key: string, path: readonly Step[]): string {
  const name = decode(key);
  return path.length === 0 && name === 'additional_params' ? 'additionalParams' : name;
}

function leads(steps: readonly string[], place: readonly Step[]): boolean {
  return place.every((step, index) => steps[index] === '*' || steps[index] === step);
}

/** A name comes before `*`, at the first step where two paths differ. */
function sortKey(steps: readonly string[]): string {
  return steps.map((step) => (step === '*' ? 1 : 0)).join('');
}

function maySee(rules: WrittenView['activities'], tree: Tree): boolean {
  if (rules === undefined) return true;
  const members = tree.open === '{' ? (tree.items ?? []) : [];
  const activities = members
    .filter(({ key = '""' }) => decode(key) === 'activity')
    .map(({ value }) => (value.text?.startsWith('"') ? decode(value.text) : undefined));
  const meets = (patterns: readonly string[], activity: string | undefined): boolean =>
    activity !== undefined &&
    patterns.some((pattern) =>
      pattern.endsWith('*') ? activity.startsWith(pattern.slice(0, -1)) : activity === pattern,
    );
  if ('drop' in rules) return !activities.some((activity) => meets(rules.drop, activity));
  return activities.length > 0 && activities.every((activity) => meets(rules.keep, activity));
}

function replaced(
  action: Exclude<MemberAction, 'keep' | 'remove'>,
  value: Tree,
  key: { readonly id: string; readonly secret: Uint8Array } | undefined,
): string {
  const text = value.text ?? '';
  if (action === 'mask') return '"***"';
  if (action === 'network') return text.startsWith('"') ? network(decode(text)) : 'null';
  if (text === 'null') return 'null';
  if (!/^["\d-]/.test(text)) return '"***"';
  const decoded = text.startsWith('"') ? decode(text) : text;
  const bits = createHmac('sha256', key!.secret).update(`pseudonym:${decoded}`).digest().subarray(0, 16);
  return JSON.stringify(`${key!.id}:${bits.toString('base64url')}`);
}

/** By the parser of URLs, which writes an IPv6 address in its shortest form. */
function network(address: string): string {
  if (isIPv4(address)) return `"${address.split('.').slice(0, 3).join('.')}.0"`;
  if (!isIPv6(address) || address.includes('%')) return 'null';
  const [head = '', tail] = shortest(address).split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const after = (tail ?? '').split(':').filter((group) => group !== '');
  const all =
    tail === undefined ? groups : [...groups, ...Array(8 - groups.length - after.length).fill('0'), ...after];
  return `"${shortest(`${all.slice(0, 3).join(':')}:0:0:0:0:0`)}"`;
}

function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

function decode(spelled: string): string {
  return JSON.parse(spelled) as string;
}

function write(node: Tree): string {
  if (node.items === undefined) return node.text ?? '';
  const items = node.items.map(
    ({ before, key = '', colon = '', value }, index) =>
      `${index === 0 ? '' : before}${key}${colon}${write(value)}`,
  );
  return `${node.open}${node.first}${items.join('')}${node.last}${node.open === '{' ? '}' : ']'}`;
}

const tokens = {
  space: /[ \t\n\r]*/y,
  text: /"(?:[^"\\]|\\.)*"/y,
  comma: /[ \t\n\r]*,[ \t\n\r]*/y,
  colon: /[ \t\n\r]*:[ \t\n\r]*/y,
  scalar: /"(?:[^"\\]|\\.)*"|[^\s,[\]{}]+/y,
};

function parse(source: string): Tree {
  let at = 0;
  const take = (token: RegExp): string => {
    token.lastIndex = at;
    const found = token.exec(source)?.[0] ?? '';
    at += found.length;
    return found;
  };
  const value = (): Tree => {
    const open = source[at];
    if (open !== '{' && open !== '[') return { text: take(tokens.scalar) };
    at += 1;
    const first = take(tokens.space);
    const items: Item[] = [];
    while (source[at] !== '}' && source[at] !== ']') {
      const before = take(tokens.comma);
      if (open === '{')
        items.push({ before, key: take(tokens.text), colon: take(tokens.colon), value: value() });
      else items.push({ before, value: value() });
      const rest = /[ \t\n\r]*[}\]]/y;
      rest.lastIndex = at;
      if (rest.test(source)) break;
    }
    const last = take(tokens.space);
    at += 1;
    return { open, first, items, last };
  };
  return value();
}
