/** A number that a Poisson distribution may give, and how likely it is. */
export interface Likely {
  readonly value: number;
  readonly weight: number;
}

/** The likelihood of fewer than `limit` where `mean` are expected; 0 or less is fewer than none. */
export function fewerThan(limit: number, mean: number): number {
  const most = Math.ceil(limit) - 1;
  if (most < 0) return 0;
  if (mean > 200) return normalBelow((most + 0.5 - mean) / Math.sqrt(mean));
  let term = Math.exp(-mean);
  let sum = term;
  for (let value = 1; value <= most && term > 1e-18 * sum; value++) {
    term *= mean / value;
    sum += term;
  }
  return Math.min(1, sum);
}

/**
 * Every number with a likelihood that matters where `mean` are expected: each single number where they are few,
 * else points of the bell curve.
 */
export function likely(mean: number): readonly Likely[] {
  if (mean > exactUpTo) return bell.map(({ z, weight }) => ({ value: mean + z * Math.sqrt(mean), weight }));
  const found: Likely[] = [];
  let weight = Math.exp(-mean);
  for (let value = 0; value <= mean + 10 * Math.sqrt(mean) + 10; value++) {
    found.push({ value, weight });
    weight *= mean / (value + 1);
  }
  return found;
}

const exactUpTo = 40;

const bell = bellPoints();

function bellPoints(): readonly { readonly z: number; readonly weight: number }[] {
  const points = Array.from({ length: 65 }, (_, index) => (index - 32) / 8);
  const heights = points.map((z) => Math.exp((-z * z) / 2));
  const sum = heights.reduce((total, height) => total + height, 0);
  return points.map((z, index) => ({ z, weight: heights[index]! / sum }));
}

/**
 * The likelihood of a normally distributed number below `z`, wrong by 1e-7 at most. @see Abramowitz and Stegun,
 * "Handbook of Mathematical Functions", 26.2.17
 */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z >= 0 ? 1 - above : above;
}
