/** What one check found, in a line. */
export interface Finding {
  /** What was looked at: `token`, `destination cis/splunk`. */
  readonly about: string;
  /**
   * `warning`: it works, and will not for long, or nobody can tell. `skipped`: it was not looked at, and why.
   */
  readonly verdict: 'ok' | 'warning' | 'failed' | 'skipped';
  /** Without a secret, whatever was found. */
  readonly says: string;
  /** What to do; of everything that failed. */
  readonly mend?: string;
}

export interface Checked {
  ok(says: string): Finding;
  warning(says: string, mend: string): Finding;
  failed(says: string, mend: string): Finding;
  skipped(why: string): Finding;
}

/** Findings about one thing. */
export function about(thing: string): Checked {
  return {
    ok: (says) => ({ about: thing, verdict: 'ok', says }),
    warning: (says, mend) => ({ about: thing, verdict: 'warning', says, mend }),
    failed: (says, mend) => ({ about: thing, verdict: 'failed', says, mend }),
    skipped: (why) => ({ about: thing, verdict: 'skipped', says: why }),
  };
}
