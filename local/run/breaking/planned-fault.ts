/** Something that goes wrong for a while. */
export interface PlannedFault {
  readonly name: string;
  /** How long it lasts, from and to, in minutes. */
  readonly minutes: readonly [from: number, to: number];
  /** @param amount 0 <= x < 1: how much of it. @returns what ends it */
  begin(amount: number): () => void;
}
