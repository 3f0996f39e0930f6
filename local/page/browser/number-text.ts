/** `1,234`, `12.5K`, `3.2M`: as short as an axis has room for. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  const [divisor, suffix] =
    size >= 1e9 ? [1e9, 'G'] : size >= 1e6 ? [1e6, 'M'] : size >= 1e4 ? [1e3, 'K'] : [1, ''];
  const scaled = value / divisor;
  return `${Number(scaled.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 4 })}${suffix}`;
}

/** With all its digits that matter. */
export function fullNumber(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 4 });
}

/** `08:05`, or with the day where the time shown is longer than one. All times are UTC, as CloudWatch's. */
export function timeText(time: number, { withDay = false } = {}): string {
  const text = new Date(time).toISOString();
  return withDay ? `${text.slice(5, 10)} ${text.slice(11, 16)}` : text.slice(11, 16);
}
