/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** The change that a deploy makes to one resource. */
export interface Change {
  readonly action: 'added' | 'removed' | 'replaced' | 'perhaps replaced' | 'changed';
  /** The resource's type: `AWS::S3::Bucket`. */
  readonly type: string;
  /** The resource as a person finds it: by its own name, or by its place in the stack, such as `Streams/cis/MosaicStream`. */
  readonly name: string;
  /** The resource's path in the app, without the stack's part, or else its logical id. Absent where neither is known. */
  readonly within?: string;
  /** The properties that differ, by their names. `DeletionPolicy` counts as one. */
  readonly properties: readonly string[];
  /** True if the deploy leaves the old resource where it is, out of the stack. */
  readonly kept: boolean;
  /** Absent for an added resource, and where only a change set was read. */
  readonly before?: Resource;
  /** Absent for a removed resource, and where only a change set was read. */
  readonly after?: Resource;
}

/** How bad a change is, worst first. */
export const levels = {
  data: 'Data or names are replaced or deleted',
  refused: 'The deploy will be refused',
  stops: 'Something stops',
  alarms: 'Alarms',
  note: 'Good to know',
  harmless: 'Harmless',
} as const;
export type Level = keyof typeof levels;

/** The meaning of a change for events, in an operator's words. */
export interface Meaning {
  readonly level: Level;
  readonly says: string;
}

/** The meaning of whatever happens to a resource of one type. */
export interface ResourceMeaning {
  /** The word for the resource: `table`. */
  readonly thing: string;
  /** The properties that CloudFormation cannot change: another value makes another resource. */
  readonly replacedBy: readonly string[];
  readonly added: Told;
  readonly removed: Told;
  readonly replaced: Told;
  readonly changed: Told;
}

export type Told = Meaning | ((change: Change) => Meaning);

export function harmless(says: string): Meaning {
  return { level: 'harmless', says };
}
