/**
 * Faults that a receiver can be given. A fault takes effect with the next call and stays until it is set back; a
 * counted fault counts down.
 */
export interface Faults {
  /** Connections are reset before anything is read. */
  down: boolean;
  /** Calls are refused, with the body that the real service would send, before they have any effect. */
  refuse: Refuse | undefined;
  /** So many calls have their full effect, and then the connection breaks instead of an answer. */
  dropAnswers: number;
  /** Calls are taken and never answered, until the caller gives up or the receiver closes. */
  hang: boolean;
  /** Milliseconds of real time before each answer. */
  slowMs: number;
}

export interface Refuse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** How many calls; absent means all. */
  times?: number;
  /** Which paths; absent means all. */
  readonly paths?: RegExp;
}

/** Nothing is wrong. */
export function noFaults(): Faults {
  return { down: false, refuse: undefined, dropAnswers: 0, hang: false, slowMs: 0 };
}

/** The refusal that applies to a call, counted. */
export function takeRefusal(faults: Faults, path: string): Refuse | undefined {
  const { refuse } = faults;
  if (refuse === undefined || refuse.paths?.test(path) === false) return undefined;
  if (refuse.times !== undefined) {
    if (refuse.times <= 0) return undefined;
    refuse.times -= 1;
  }
  return refuse;
}
