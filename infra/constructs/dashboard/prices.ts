/** List prices of us-east-1 in US dollars, of 2026. Others differ by a few per cent to a third. */
export const prices = {
  /** Of each GiB that Firehose takes in by Direct PUT, records rounded up to 5 KiB. */
  firehosePerGiB: 0.029,
  /** Of Lambda on arm64, for each GB held for a second. */
  lambdaPerGbSecond: 0.0000133334,
  /** A month. */
  metric: 0.3,
  alarm: 0.1,
  compositeAlarm: 0.5,
  dashboard: 3,
  key: 1,
} as const;
