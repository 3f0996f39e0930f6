/** The middle of some figures; of an even number of them, the lower of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
