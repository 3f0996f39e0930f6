/** The events raised for one type, as numbers 0.. and their times: texts are made anew whenever they are needed. */
export interface Topic {
  /** How many there are. */
  readonly length: number;
  /** Raises so many at `now`, their own timestamps spread evenly over the time before it. */
  raise(count: number, at: { readonly now: number; readonly overPastMs: number }): void;
  /** The event's own timestamp, in ms since the epoch. */
  timestampOf(index: number): number;
  /** How many were raised up to and including `time`. */
  raisedBy(time: number): number;
}

export function createTopic(): Topic {
  const batches: RaisedBatch[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    raise(count, { now, overPastMs }) {
      if (count === 0) return;
      batches.push({ first: length, count, at: now, overPastMs });
      length += count;
    },
    timestampOf(index) {
      const { first, count, at, overPastMs } = batchOf(batches, index);
      return Math.floor(at - overPastMs * (1 - (index - first + 1) / count));
    },
    raisedBy(time) {
      const place = lastPlace(batches, ({ at }) => at <= time);
      const batch = batches[place];
      return batch === undefined ? 0 : batch.first + batch.count;
    },
  };
}

interface RaisedBatch {
  readonly first: number;
  readonly count: number;
  readonly at: number;
  readonly overPastMs: number;
}

function batchOf(batches: readonly RaisedBatch[], index: number): RaisedBatch {
  const found = batches[lastPlace(batches, ({ first }) => first <= index)];
  if (found === undefined || index >= found.first + found.count)
    throw new Error(`no event ${index} was raised`);
  return found;
}

/** The last place for which `holds` is true, as it is for all before; -1 for none. */
function lastPlace(batches: readonly RaisedBatch[], holds: (batch: RaisedBatch) => boolean): number {
  let low = -1;
  let high = batches.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(batches[middle]!)) low = middle;
    else high = middle - 1;
  }
  return low;
}
