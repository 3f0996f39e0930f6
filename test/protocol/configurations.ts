import type { Configuration } from './configuration.ts';

/**
 * What is explored, each as small as it may be and still show the faults that are planted for it: everything at once
 * would be millions of states, and the parts of the world that are left out of one are in another.
 */
export const oneLongRun: Configuration = { runs: 1, batches: 2, destinations: 2, sweeps: 2 };
export const twoRuns: Configuration = { runs: 2, batches: 1, destinations: 2, sweeps: 1 };
export const twoSweptRuns: Configuration = { runs: 2, batches: 1, destinations: 1, sweeps: 2 };
export const twoLongRuns: Configuration = { runs: 2, batches: 2, destinations: 1, sweeps: 1 };

/** The table is put back while a run lives, ends, or is swept. */
export const putBackOnce: Configuration = { runs: 1, batches: 2, destinations: 1, sweeps: 1, restores: 1 };
export const putBackForTwo: Configuration = { runs: 1, batches: 1, destinations: 2, sweeps: 1, restores: 1 };
export const putBackTwice: Configuration = { runs: 1, batches: 1, destinations: 1, sweeps: 1, restores: 2 };
/** Put back to before a killed run, with another run that ends, or begins after. */
export const putBackBesideAnother: Configuration = {
  runs: 2,
  batches: 1,
  destinations: 1,
  sweeps: 1,
  restores: 1,
  killedFirst: true,
  copiedBefore: true,
};

/** Objects expire before all destinations have them. */
export const expiring: Configuration = { runs: 1, batches: 2, destinations: 2, sweeps: 1, expiry: true };
export const expiringUnderTwo: Configuration = {
  runs: 1,
  batches: 2,
  destinations: 1,
  sweeps: 2,
  expiry: true,
};

/** Both: objects that expire of a run that lived while the table was put back to before it. */
export const expiringPutBack: Configuration = {
  ...putBackOnce,
  expiry: true,
  copiedBefore: true,
};

/** Lambda ends a run earlier or later than the settings say. */
export const limitsDiffer: Configuration = {
  runs: 2,
  batches: 1,
  destinations: 1,
  sweeps: 1,
  limitsDiffer: true,
};

/** The first batch of the first destination ends every process that attempts it. */
export const poisoned: Configuration = {
  runs: 1,
  batches: 2,
  destinations: 2,
  sweeps: 1,
  killedFirst: true,
  tries: { limit: 5, poison: [{ number: 1, destination: 0 }], mishaps: 3 },
};
export const poisonedUnderTwo: Configuration = {
  ...poisoned,
  batches: 1,
  sweeps: 2,
  tries: { limit: 5, poison: [{ number: 1, destination: 0 }], mishaps: 1 },
};
