/** A fault that lasts for a while. */
export interface PlannedFault {
  readonly name: string;
  /** The range of its length in minutes. */
  readonly minutes: readonly [from: number, to: number];
  /** Begins the fault. @param amount 0 <= x < 1: the strength of the fault @returns a function that ends it */
  begin(amount: number): () => void;
}
