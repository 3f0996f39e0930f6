/** A token or key that can be replaced while the old one goes on working for a while. */
export interface RotatingSecret {
  readonly current: string;
  accepts(value: string): boolean;
  /** @param oldValidForMs on the run's clock; Firehose caches a secret for 10 minutes */
  rotate(next: string, oldValidForMs: number): void;
}

/** Starts with one value, valid until it is rotated out. */
export function createRotatingSecret(first: string, clock: { now(): number }): RotatingSecret {
  let current = first;
  const old = new Map<string, number>();
  return {
    get current() {
      return current;
    },
    accepts: (value) => value === current || (old.get(value) ?? Number.NEGATIVE_INFINITY) > clock.now(),
    rotate(next, oldValidForMs) {
      old.set(current, clock.now() + oldValidForMs);
      current = next;
      old.delete(next);
    },
  };
}
