export const rotationPeriods = ['NoRotation', 'OneHour', 'OneDay', 'OneWeek', 'OneMonth'] as const;

/**
 * The index that records of a time go to.
 *
 * @param time milliseconds since the epoch: the arrival of the oldest record
 * @see https://docs.aws.amazon.com/firehose/latest/dev/es-index-rotation.html
 */
export function indexName(name: string, rotation: (typeof rotationPeriods)[number], time: number): string {
  const date = new Date(time).toISOString();
  switch (rotation) {
    case 'NoRotation':
      return name;
    case 'OneHour':
      return `${name}-${date.slice(0, 10)}-${date.slice(11, 13)}`;
    case 'OneDay':
      return `${name}-${date.slice(0, 10)}`;
    case 'OneWeek':
      return `${name}-${isoWeek(time)}`;
    case 'OneMonth':
      return `${name}-${date.slice(0, 7)}`;
  }
}

const dayMs = 86_400_000;

/** `2026-w09`: a week belongs to the year of its Thursday. */
function isoWeek(time: number): string {
  const weekday = (new Date(time).getUTCDay() + 6) % 7;
  const thursday = new Date(time + (3 - weekday) * dayMs);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs / 7);
  return `${year}-w${String(week).padStart(2, '0')}`;
}
