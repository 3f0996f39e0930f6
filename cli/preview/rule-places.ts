import type { MemberRule } from '../../functions/stored/compiled-view.ts';

/** The rules of a view that hold for one place in an event. */
export interface RulePlace {
  /** The index of the rule that counts at the place; -1 where none names it. */
  readonly rule: number;
  /** True where rules name something below the place. */
  readonly reaches: boolean;
  member(key: string): RulePlace;
  element(): RulePlace;
}

/**
 * The place of an event as a whole. Where several rules lead to one place, that with a name at the first step where they
 * differ counts, as in the collector.
 */
export function rulePlaces(members: readonly MemberRule[]): RulePlace {
  const root = emptyNode();
  members.forEach(({ path }, index) => {
    let node = root;
    for (const step of path) node = below(node, step);
    node.rule = index;
  });
  const top = placeOf([root]);
  return { ...top, member: (key) => top.member(key === 'additional_params' ? 'additionalParams' : key) };
}

interface Node {
  rule: number;
  readonly steps: Map<string, Node>;
}

function emptyNode(): Node {
  return { rule: -1, steps: new Map() };
}

function below(node: Node, step: string): Node {
  const known = node.steps.get(step) ?? emptyNode();
  node.steps.set(step, known);
  return known;
}

/** @param nodes that lead to the place, the most specific first */
function placeOf(nodes: readonly Node[]): RulePlace {
  const any = (node: Node) => node.steps.get('*') ?? [];
  return {
    rule: nodes.find(({ rule }) => rule >= 0)?.rule ?? -1,
    reaches: nodes.some(({ steps }) => steps.size > 0),
    member: (key) =>
      placeOf(
        // A member may be called "*", and no rule names it so.
        nodes.flatMap((node) => [...(key === '*' ? [] : [node.steps.get(key) ?? []]), any(node)].flat()),
      ),
    element: () => placeOf(nodes.flatMap(any)),
  };
}
