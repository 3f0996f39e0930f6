/** Budgets of a collector's time, which the function keeps to, and the synth and the commands calculate with. */

/** Time for the last writes to the table, at the end of a run or a comparison. */
export const closeBudgetMs = 8_000;

/** Time that a collect must leave to the journal for its PUT, with retries. */
export const journalBudgetMs = 30_000;

/** From one sweep to the next: if a pass took longer, two of them would deliver the same batches at once. */
export const passMs = 5 * 60_000;

/** Time of a pass that is reserved for the two S3 listings behind the gauges. */
export const gaugesBudgetMs = 10_000;
