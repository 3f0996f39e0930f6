import { hash } from 'node:crypto';
import type { CompiledShape } from './compiled-shape.ts';

/** A view as a collector applies it and as the bucket keeps it: plain JSON, sorted, so that equal views are equal texts. */
export interface CompiledView {
  /** Of the meaning of a compiled view. Another meaning of the same settings gets another number, and so another digest. */
  readonly version: 1;
  /** Names of activities, each with `*` at its end for any rest. Absent where every activity is seen. */
  readonly activities?: ActivityRules;
  readonly members: readonly MemberRule[];
  /** What becomes of a member that no rule names. */
  readonly otherMembers: 'keep' | 'remove';
  /** ARN of the secret that holds the key; absent where the view changes no member. */
  readonly key?: string;
  /** How lines are written, after the rules have been applied. Absent where they are written as Mosaic writes events. */
  readonly shape?: CompiledShape;
}

export type ActivityRules = { readonly keep: readonly string[] } | { readonly drop: readonly string[] };

export interface MemberRule {
  /** Decoded keys from the event on; `*` is any member or any element of an array. */
  readonly path: readonly string[];
  readonly action: MemberAction;
}

export const memberActions = ['keep', 'remove', 'mask', 'pseudonym', 'network'] as const;
export type MemberAction = (typeof memberActions)[number];

/** A view as the settings write it. */
export interface WrittenView {
  readonly activities?: ActivityRules;
  readonly members?: Readonly<Record<string, MemberAction>>;
  readonly otherMembers?: 'keep' | 'remove';
  readonly key?: string;
}

export function compileView({
  activities,
  members = {},
  otherMembers = 'keep',
  key,
}: WrittenView): CompiledView {
  const rules = Object.entries(members).map(([path, action]) => ({ path: pathOf(path), action }));
  return {
    version: 1,
    ...(activities === undefined ? {} : { activities: sortedActivities(activities) }),
    members: rules.toSorted((one, other) => compare(writtenPath(one), writtenPath(other))),
    otherMembers,
    ...(key === undefined ? {} : { key }),
  };
}

/** The steps of a written path. Mosaic spells `additionalParams` in two ways, of which a compiled view has the first. */
export function pathOf(written: string): readonly string[] {
  const [first = '', ...rest] = written.split('.');
  return [canonicalMember(first), ...rest];
}

export function writtenPath({ path }: Pick<MemberRule, 'path'>): string {
  return path.join('.');
}

/** The one spelling of a top-level member that Mosaic spells in two ways. */
export function canonicalMember(name: string): string {
  return name === 'additional_params' ? 'additionalParams' : name;
}

/** True where the view changes or removes members, so that its ids have to be keyed. */
export function changesMembers({ members, otherMembers }: CompiledView): boolean {
  return otherMembers === 'remove' || members.some(({ action }) => action !== 'keep');
}

/** True where the view drops events, or changes or removes members of theirs. */
export function hidesSomething(view: CompiledView): boolean {
  return view.activities !== undefined || view.members.length > 0 || view.otherMembers === 'remove';
}

/** How many steps below an event the view looks; 1 where it looks at activities alone. */
export function memberDepth({ members, shape }: CompiledView): number {
  return Math.max(shape === undefined ? 1 : 2, ...members.map(({ path }) => path.length));
}

/** What a delivered line says of its view: `<name>@<8 hex>`, of which the digest is that of the compiled view. */
export function viewLabel(name: string, view: CompiledView): string {
  return `${name}@${hash('sha256', JSON.stringify(view), 'hex').slice(0, 8)}`;
}

function sortedActivities(activities: ActivityRules): ActivityRules {
  return 'keep' in activities
    ? { keep: activities.keep.toSorted(compare) }
    : { drop: activities.drop.toSorted(compare) };
}

/** By code units, so that no machine's locale changes a digest. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
