/** The key of a view: what its secret holds. */
export interface ViewKey {
  /** Stands before every pseudonym, so that a rotation shows. Letters, digits, `_` and `-`, 1..16. */
  readonly id: string;
  /** 32 bytes or more. */
  readonly secret: Uint8Array;
}
