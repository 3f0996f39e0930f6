/**
 * Tells the operator that this many batches may be lost. The metric is written at once, before any item that would keep
 * a later run or sweep from looking again. A loss may be told twice and must be told once.
 */
export type TellLoss = (batches: number) => void;
