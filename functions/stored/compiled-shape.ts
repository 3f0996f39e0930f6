/**
 * How the lines of one type of event are written in a schema that SIEMs share: plain JSON, a part of a compiled view. The
 * whole table is in it, so that lines of an earlier table can be made again after the table has changed.
 */
export interface CompiledShape {
  /** Of the meaning of a compiled shape. Another meaning gets another number. */
  readonly version: 1;
  /** Of the setting `shape`, such as `ocsf-1.5`. */
  readonly name: string;
  /** True where every line has its event as a string. */
  readonly rawData: boolean;
  /** What each activity becomes; of several kinds of one activity, the first that fits. */
  readonly kinds: readonly ShapedKind[];
  /** What an activity becomes that no kind names: everything of the event stays in `unmapped`. */
  readonly unknown: Pick<ShapedKind, 'members' | 'class'>;
  /** By the name that kinds give them: the objects that a class has beside its constants. */
  readonly classes: Readonly<Record<string, readonly ShapedMember[]>>;
}

export interface ShapedKind {
  /** The spellings of the activity. */
  readonly activities: readonly string[];
  /** The value that a member must have. Absent: the activity alone decides. */
  readonly when?: { readonly member: string; readonly is: string };
  /** A key of `classes`. */
  readonly class: string;
  /** Constant members, in the order in which they are written. */
  readonly members: Constants;
}

export type Constants = Readonly<Record<string, string | number | readonly string[]>>;
export type ShapedMember = ShapedObject | ShapedValue;

/** An object of a class. One in which no member of the event has a place is left out, unless it is required. */
export interface ShapedObject {
  readonly name: string;
  /** True for an array of this one object. */
  readonly list?: true;
  readonly required?: true;
  /** Members that always stand in the object when it does. */
  readonly constants?: Constants;
  readonly members: readonly ShapedMember[];
  /** The members of which the schema wants one, and what stands there where the event has none. */
  readonly needs?: { readonly oneOf: readonly string[]; readonly otherwise: Constants };
}

/** A place for a member's value. */
export interface ShapedValue {
  readonly name: string;
  /** Members of the event, the first that fits is taken; `additionalParams.x` is met in both spellings. Empty for `id`. */
  readonly from: readonly string[];
  readonly takes: ShapedType;
}

/**
 * What a place takes: `text`, any string; `address`, an IP address; `email`; `score`, a number of 0 to 100, which is
 * rounded; `time`, a string, or a number, which becomes one; `id`, the id of the event. A value of another type is left in
 * `unmapped`, and so is the exact value of a score or a time that had to be changed.
 */
export type ShapedType = 'text' | 'address' | 'email' | 'score' | 'time' | 'id';

/**
 * The paths in a shaped line at which the value of a member of the event may stand, by the member's own path.
 *
 * @param member such as `user_id` or `additionalParams.email`
 */
export function placesOf({ classes }: CompiledShape, member: string): readonly string[] {
  const found = new Set<string>();
  const visit = (members: readonly ShapedMember[], above: readonly string[]): void => {
    for (const each of members) {
      const path = [...above, each.name];
      if ('members' in each) visit(each.members, each.list ? [...path, '*'] : path);
      else if (each.from.includes(member)) found.add(path.join('.'));
    }
  };
  for (const members of Object.values(classes)) visit(members, []);
  return [...found, `unmapped.${member}`, ...otherSpelling(member)];
}

function otherSpelling(member: string): readonly string[] {
  return /^additionalParams(\.|$)/.test(member)
    ? [`unmapped.${member.replace('additionalParams', 'additional_params')}`]
    : [];
}
