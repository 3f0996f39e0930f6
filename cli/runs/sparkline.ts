const bars = '▁▂▃▄▅▆▇█';

/** One character for each value, `·` for none: the highest bar is the largest value. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values, 0);
  return values
    .map((value) =>
      value <= 0 ? '·' : bars[Math.min(bars.length - 1, Math.ceil((value / most) * bars.length) - 1)],
    )
    .join('');
}

/** Adds values up in `columns` stretches of equal length, so that a long history fits a line. */
export function stretches(
  values: readonly { readonly time: number; readonly value: number }[],
  { from, to, columns }: { readonly from: number; readonly to: number; readonly columns: number },
): readonly number[] {
  const sums = Array.from({ length: columns }, () => 0);
  for (const { time, value } of values) {
    const column = Math.floor(((time - from) / (to - from)) * columns);
    if (column >= 0 && column < columns) sums[column] = (sums[column] ?? 0) + value;
  }
  return sums;
}
