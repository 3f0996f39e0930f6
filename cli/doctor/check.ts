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
  readonly mend?: string;
}

export interface Checked {
  ok(says: string): Finding;
  warning(says: string, mend: string): Finding;
  failed(says: string, mend: string): Finding;
  skipped(why: string): Finding;
}

/** Makes the findings about one thing. */
export function about(thing: string): Checked {
  return {
    ok: (says) => ({ about: thing, verdict: 'ok', says }),
    warning: (says, mend) => ({ about: thing, verdict: 'warning', says, mend }),
    failed: (says, mend) => ({ about: thing, verdict: 'failed', says, mend }),
    skipped: (why) => ({ about: thing, verdict: 'skipped', says: why }),
  };
}
