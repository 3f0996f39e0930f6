import type { MemberAction, MemberRule } from '../../stored/compiled-view.ts';
import { decodedText, hasEscape } from './decoded-text.ts';

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
  /** The rules for each element of an array, and for a member that no rule names; undefined where there is none. */
  readonly any: MemberRules | undefined;
  readonly #named = new Map<string, Named>();
  /** By length in bytes, since most keys are told apart by that. */
  readonly #byLength: Named[][] = [];

  /** @param nodes of the tree of paths that lead here, the most specific first */
  constructor(nodes: readonly Node[]) {
    this.rule = nodes.find(({ rule }) => rule !== undefined)?.rule;
    const anyNodes = nodes.flatMap(({ any }) => any ?? []);
    const names = new Set(nodes.flatMap(({ named }) => [...named.keys()]));
    this.goDeeper = anyNodes.length > 0 || names.size > 0;
    this.any = anyNodes.length > 0 ? new MemberRules(anyNodes) : undefined;
    for (const name of names) {
      const below = nodes.flatMap(({ named, any }) => [named.get(name) ?? [], any ?? []].flat());
      this.#name(name, below);
    }
  }

  /**
   * The rules for a member, by its key.
   * @param start the offset after the key's opening quote
   * @param end the offset of its closing quote
   */
  member(source: Uint8Array, start: number, end: number): MemberRules | undefined {
    const length = end - start;
    const candidates = length < this.#byLength.length ? this.#byLength[length] : undefined;
    if (candidates !== undefined)
      for (const candidate of candidates) if (isAt(source, start, candidate.bytes)) return candidate.rules();
    if (!this.goDeeper || !hasEscape(source, start, end)) return this.any;
    const named = this.#named.get(decodedText(source, start, end));
    return named === undefined ? this.any : named.rules();
  }

  /** Lets a second key lead to the same rules as the first. */
  alias(name: string, other: string): void {
    const named = this.#named.get(name);
    if (named !== undefined) this.#add(other, named.rules);
  }

  /** The rules below are made when a key first leads there: rules with many `*` have more places than events have. */
  #name(name: string, below: readonly Node[]): void {
    let made: MemberRules | undefined;
    this.#add(name, () => {
      made ??= new MemberRules(below);
      return made;
    });
  }

  #add(name: string, rules: () => MemberRules): void {
    const named: Named = { bytes: Buffer.from(name), rules };
    this.#named.set(name, named);
    while (this.#byLength.length <= named.bytes.length) this.#byLength.push([]);
    this.#byLength[named.bytes.length]!.push(named);
  }
}

/** A rule with its place in the compiled view, by which it is counted. */
export interface NumberedRule {
  readonly action: MemberAction;
  readonly index: number;
}

interface Named {
  readonly bytes: Uint8Array;
  readonly rules: () => MemberRules;
}

/** @returns the rules for an event itself */
export function memberRules(rules: readonly MemberRule[]): MemberRules {
  const root = emptyNode();
  rules.forEach(({ path, action }, index) => {
    let node = root;
    for (const step of path) node = step === '*' ? anyOf(node) : namedOf(node, step);
    node.rule = { action, index };
  });
  const top = new MemberRules([root]);
  top.alias('additionalParams', 'additional_params');
  return top;
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
