import { compileShape } from '../../content/mapping/ocsf.ts';
import type { ShapedKind, ShapedMember, ShapedObject } from '../../functions/stored/compiled-shape.ts';
import type { CompiledView, MemberAction } from '../../functions/stored/compiled-view.ts';
import type { DestinationShape } from '../destinations/shape-settings.ts';
import type { Stream } from './stream-settings.ts';

/**
 * Finds what a shape needs of events of a type and a view does not leave, a sentence's end for each: the activity, the
 * time, and of each class that the view shows what the class requires.
 */
export function lostToShape(
  view: CompiledView,
  shape: DestinationShape,
  type: Stream['type'],
): readonly string[] {
  const { kinds, classes } = compileShape(shape.name, type, shape);
  const lost: string[] = [];
  const deciding = ['activity', 'timestamp', ...kinds.flatMap(({ when }) => when?.member ?? [])];
  for (const member of new Set(deciding)) {
    const action = actionAt(view, member);
    if (action !== 'keep')
      lost.push(`${done(action)} '${member}', by which ${shape.name} tells ${told(member)}`);
  }
  const shown = kinds.filter((kind) => isShown(view, kind));
  for (const name of new Set(shown.map((kind) => kind.class))) {
    const title = shown.find((kind) => kind.class === name)!.members.class_name;
    for (const object of (classes[name] ?? []).filter(isRequired)) {
      const sources = sourcesOf(object);
      if (sources.length === 0 || sources.some((each) => leaves(view, each))) continue;
      const members = sources.map(({ member }) => `'${member}'`).join(', ');
      lost.push(
        `leaves nothing of ${members}, of which '${title}' of ${shape.name} requires '${object.name}'`,
      );
    }
  }
  return lost;
}

function told(member: string): string {
  return member === 'timestamp' ? 'the time' : 'what an event is';
}

function done(action: MemberAction): string {
  return action === 'remove' ? 'removes' : 'changes';
}

function isRequired(member: ShapedMember): member is ShapedObject {
  return 'members' in member && member.required === true && member.needs !== undefined;
}

interface Source {
  readonly member: string;
  readonly takes: string;
}

/** The members of events that give an object what it needs. */
function sourcesOf({ members, needs }: ShapedObject): readonly Source[] {
  const wanted = members.filter(({ name }) => needs === undefined || needs.oneOf.includes(name));
  const found = wanted.flatMap((each) =>
    'members' in each ? sourcesOf(each) : each.from.map((member) => ({ member, takes: each.takes })),
  );
  // A service is Mosaic where no application is told.
  return needs !== undefined && !Object.values(needs.otherwise).includes('unknown') ? [] : found;
}

function leaves(view: CompiledView, { member, takes }: Source): boolean {
  const action = actionAt(view, member);
  if (action === 'remove') return false;
  return takes !== 'address' || action === 'keep' || action === 'network';
}

/** What a view does to the member at a path, by the rule that names it or what is above it. */
function actionAt({ members, otherMembers }: CompiledView, written: string): MemberAction {
  const path = written.split('.');
  let above: MemberAction | undefined;
  for (let depth = 1; depth <= path.length; depth++) {
    const rules = members.filter(
      (rule) =>
        rule.path.length === depth && rule.path.every((step, index) => step === '*' || step === path[index]),
    );
    // A rule with a name goes before one with `*`.
    const action = rules.toSorted((one, other) => stars(one.path) - stars(other.path))[0]?.action;
    if (action === undefined) continue;
    if (action !== 'keep') return action;
    above = 'keep';
  }
  return above ?? (otherMembers === 'keep' ? 'keep' : 'remove');
}

function stars(path: readonly string[]): number {
  return path.filter((step) => step === '*').length;
}

function isShown({ activities }: CompiledView, kind: ShapedKind): boolean {
  if (activities === undefined) return true;
  const names = 'keep' in activities ? activities.keep : activities.drop;
  const isNamed = (activity: string): boolean =>
    names.some((name) => (name.endsWith('*') ? activity.startsWith(name.slice(0, -1)) : name === activity));
  return kind.activities.some((activity) => isNamed(activity) === 'keep' in activities);
}
