import type { MemberAction, MemberRule } from '../../stored/compiled-view.ts';
import { endOfString } from '../answers/json-tokens.ts';
import { escapedKey } from '../answers/member-table.ts';
import { type NotedMember, notedMembers, notedNames } from '../answers/noted-member.ts';
import { decodedText } from './decoded-text.ts';

/**
 * The rules that hold for one place in an event: what becomes of the value there, and the rules below it.
 *
 * Several rules may name one place, since `*` stands for any step. The rule with a name at the first step where they
 * differ counts, and rules below the place hold whichever rule names it.
 */
export class MemberRules {
  /** Absent where only rules below the place exist. */
  readonly rule: NumberedRule | undefined;
  /** True where rules name something below the place. */
  readonly goDeeper: boolean;
  /** True where no rule names the place or anything below it. */
  readonly isEmpty: boolean;
  /** Which of the members that the relay needs stands here; of an event's own members alone. */
  readonly noted: NotedMember;
  /** The rules for each element of an array, and for a member that no rule names; undefined where there is none. */
  readonly any: MemberRules | undefined;
  readonly #named = new Map<string, Named>();
  /** The first of each length in bytes, since most keys are told apart by that. */
  readonly #byLength: (Named | undefined)[] = [];

  /** @param nodes of the tree of paths that lead here, the most specific first */
  constructor(
    nodes: readonly Node[],
    {
      noted = notedMembers.none,
      isTop = false,
    }: { readonly noted?: NotedMember; readonly isTop?: boolean } = {},
  ) {
    this.rule = nodes.find(({ rule }) => rule !== undefined)?.rule;
    const anyNodes = nodes.flatMap(({ any }) => any ?? []);
    const names = new Set(nodes.flatMap(({ named }) => [...named.keys()]));
    this.goDeeper = anyNodes.length > 0 || names.size > 0;
    this.isEmpty = this.rule === undefined && !this.goDeeper;
    this.noted = noted;
    this.any = anyNodes.length > 0 ? new MemberRules(anyNodes) : undefined;
    const known: Readonly<Record<string, NotedMember>> = isTop ? notedNames : {};
    for (const name of new Set([...names, ...Object.keys(known)])) {
      const below = nodes.flatMap(({ named, any }) => [named.get(name) ?? [], any ?? []].flat());
      const noted = Object.hasOwn(known, name) ? known[name] : undefined;
      this.#name(name, () => new MemberRules(below, { noted }));
    }
    if (isTop) this.#alias('additionalParams', 'additional_params');
  }

  /**
   * The rules for a member, by its key.
   * @param start the offset after the key's opening quote
   * @param end the offset of its closing quote; 0 where the key has an escape
   */
  member(source: Uint8Array, start: number, end: number): MemberRules | undefined {
    if (end === escapedKey) return this.#escaped(source, start);
    const length = end - start;
    let candidate = length < this.#byLength.length ? this.#byLength[length] : undefined;
    for (; candidate !== undefined; candidate = candidate.next)
      if (isAt(source, start, candidate.bytes)) {
        candidate.rules ??= candidate.make();
        return candidate.rules;
      }
    return this.any;
  }

  #escaped(source: Uint8Array, start: number): MemberRules | undefined {
    const named = this.#named.get(decodedText(source, start, endOfString(source, start) - 1));
    if (named === undefined) return this.any;
    named.rules ??= named.make();
    return named.rules;
  }

  /** Lets a second key lead to the same rules as the first. */
  #alias(name: string, other: string): void {
    const named = this.#named.get(name);
    if (named !== undefined) this.#name(other, named.make);
  }

  #name(name: string, make: () => MemberRules): void {
    const bytes = Buffer.from(name);
    const named: Named = { bytes, make, rules: undefined, next: this.#byLength[bytes.length] };
    this.#named.set(name, named);
    while (this.#byLength.length <= bytes.length) this.#byLength.push(undefined);
    this.#byLength[bytes.length] = named;
  }
}

/** A rule with its place in the compiled view, by which it is counted. */
export interface NumberedRule {
  readonly action: MemberAction;
  readonly index: number;
}

/** The rules are made when a key first leads there: rules with many `*` have more places than events have. */
interface Named {
  readonly bytes: Uint8Array;
  readonly make: () => MemberRules;
  rules: MemberRules | undefined;
  /** Another of the same length. */
  readonly next: Named | undefined;
}

/** @returns the rules for an event itself */
export function memberRules(rules: readonly MemberRule[]): MemberRules {
  const root = emptyNode();
  rules.forEach(({ path, action }, index) => {
    let node = root;
    for (const step of path) node = step === '*' ? anyOf(node) : namedOf(node, step);
    node.rule = { action, index };
  });
  return new MemberRules([root], { isTop: true });
}

/** A node of the tree of paths. */
interface Node {
  rule: NumberedRule | undefined;
  any: Node | undefined;
  readonly named: Map<string, Node>;
}

function emptyNode(): Node {
  return { rule: undefined, any: undefined, named: new Map() };
}

function anyOf(node: Node): Node {
  node.any ??= emptyNode();
  return node.any;
}

function namedOf(node: Node, name: string): Node {
  const known = node.named.get(name) ?? emptyNode();
  node.named.set(name, known);
  return known;
}

function isAt(source: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (source[start + index] !== bytes[index]) return false;
  return true;
}
