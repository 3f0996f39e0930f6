/** One way to break the collector on purpose: exact texts, each of which its file must hold once. */
export interface Mutation extends Change {
  readonly name: string;
  /** Relative to `functions/collector/`. */
  readonly file: string;
  /** A second change of the same file. */
  readonly also?: Change;
  /** The test files that notice, relative to `test/` and without their ending; the core's own where it is absent. */
  readonly noticedBy?: readonly string[];
}

export interface Change {
  readonly from: string;
  readonly to: string;
}
