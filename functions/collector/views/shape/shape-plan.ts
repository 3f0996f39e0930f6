import type {
  CompiledShape,
  Constants,
  ShapedKind,
  ShapedMember,
  ShapedObject,
  ShapedType,
} from '../../../stored/compiled-shape.ts';
import type { MemberSlots } from './member-slots.ts';

/** What an event becomes, with its constant text as bytes. */
export interface PlannedKind {
  /** The beginning of the line, from its bracket to the constants' last value. */
  readonly head: Buffer;
  readonly members: readonly PlannedMember[];
  readonly isUnknown: boolean;
}

export type PlannedMember = PlannedObject | PlannedValue;

export interface PlannedObject {
  readonly kind: 'object';
  /** `,"user":` or `,"resources":[`. */
  readonly opening: Buffer;
  readonly closing: Buffer;
  readonly isRequired: boolean;
  /** `,"version":"1.5.0"`; empty where there is none. */
  readonly constants: Buffer;
  readonly members: readonly PlannedMember[];
  /** For each of `members`, true where the schema is content with it. */
  readonly suffices: readonly boolean[];
  /** What is written where none of these stands; empty where nothing has to. */
  readonly otherwise: Buffer;
}

export interface PlannedValue {
  readonly kind: 'value';
  /** `,"uid":`. */
  readonly opening: Buffer;
  readonly slots: readonly number[];
  readonly takes: ShapedType;
}

/** Finds the kind of an event by its activity, and by a member's decoded text where it needs one. */
export interface ShapePlan {
  readonly unknown: PlannedKind;
  kindsOf(activity: string): readonly ConditionalKind[];
}

export interface ConditionalKind {
  readonly kind: PlannedKind;
  readonly whenSlot: number | undefined;
  readonly whenIs: string;
}

export function planShape({ kinds, unknown, classes }: CompiledShape, slots: MemberSlots): ShapePlan {
  const planned = new Map(
    Object.entries(classes).map(([name, members]) => [name, members.map((each) => planMember(each, slots))]),
  );
  const planKind = ({ members, class: name }: Pick<ShapedKind, 'members' | 'class'>): PlannedKind => ({
    head: Buffer.from(`{${constantText(members).slice(1)}`),
    members: planned.get(name)!,
    isUnknown: false,
  });
  const byActivity = new Map<string, ConditionalKind[]>();
  for (const each of kinds) {
    const conditional = {
      kind: planKind(each),
      whenSlot: each.when && slots.slotOf(each.when.member),
      whenIs: each.when?.is ?? '',
    };
    for (const activity of each.activities)
      byActivity.set(activity, [...(byActivity.get(activity) ?? []), conditional]);
  }
  return {
    unknown: { ...planKind(unknown), isUnknown: true },
    kindsOf: (activity) => byActivity.get(activity) ?? none,
  };
}

const none: readonly ConditionalKind[] = [];

function planMember(member: ShapedMember, slots: MemberSlots): PlannedMember {
  if (!('members' in member))
    return {
      kind: 'value',
      opening: Buffer.from(`,${JSON.stringify(member.name)}:`),
      slots: member.from.map(slots.slotOf),
      takes: member.takes,
    };
  return planObject(member, slots);
}

function planObject(object: ShapedObject, slots: MemberSlots): PlannedObject {
  const { name, list, required, constants = {}, members, needs } = object;
  return {
    kind: 'object',
    opening: Buffer.from(`,${JSON.stringify(name)}:${list ? '[' : ''}`),
    closing: Buffer.from(list ? '}]' : '}'),
    isRequired: required === true,
    constants: Buffer.from(constantText(constants)),
    members: members.map((each) => planMember(each, slots)),
    suffices: members.map((each) => needs === undefined || needs.oneOf.includes(each.name)),
    otherwise: Buffer.from(needs === undefined ? '' : constantText(needs.otherwise)),
  };
}

/** Each member with a comma before it. */
function constantText(constants: Constants): string {
  return Object.entries(constants)
    .map(([name, value]) => `,${JSON.stringify(name)}:${JSON.stringify(value)}`)
    .join('');
}
