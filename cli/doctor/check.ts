/** The result of one check, printed as one line. */
export interface Finding {
  /** The thing that was checked: `token`, `destination cis/splunk`. */
  readonly about: string;
  /**
   * `warning`: the thing works but will not for long, or its state cannot be known. `skipped`: no check was made;
   * `says` gives the reason.
   */
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped';
  /** Never holds a secret. */
  readonly says: string;
  /** The remedy. Every failed check has one. */
  readonly remedy?: string;
}

export interface Checked {
  ok(says: string): Finding;
  warning(says: string, remedy: string): Finding;
  failed(says: string, remedy: string): Finding;
  skipped(why: string): Finding;
}

/** Makes the findings about one thing. */
export function about(thing: string): Checked {
  return {
    ok: (says) => ({ about: thing, verdict: 'ok', says }),
    warning: (says, remedy) => ({ about: thing, verdict: 'warning', says, remedy }),
    failed: (says, remedy) => ({ about: thing, verdict: 'failed', says, remedy }),
    skipped: (why) => ({ about: thing, verdict: 'skipped', says: why }),
  };
}
