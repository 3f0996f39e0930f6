/**
 * What a run met in events that the table of documented names does not have. Only a sample of the events is looked at, so
 * the numbers are the least. No value of a member is ever in here.
 */
export interface UnknownNames {
  /** Events that were looked at. */
  readonly sampled: number;
  /** Those of them whose activity is unknown. */
  readonly activities: number;
  /** Unknown members of them, each time that one occurs. */
  readonly members: number;
  /** The first 20 names that can be told, each with how often it occurred. What has no such name is only counted. */
  readonly names: readonly UnknownName[];
}

export interface UnknownName {
  /** `parameter`: a member of the additional parameters. */
  readonly kind: 'activity' | 'member' | 'parameter';
  /** 1 to 64 of `A-Za-z0-9_.-`, and no address or id. */
  readonly name: string;
  readonly count: number;
}

/** Most names that a run tells. */
export const mostUnknownNames = 20;
