import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import type { BatchFacts, LineFormat } from '../../functions/collector/delivery/formats/line-format.ts';
import type { Cut, CutBatch } from '../../functions/collector/protocol/ports/answers.ts';

/** Events that are sent again, and the way in which each becomes a line. */
export interface Lines {
  readonly batch: CutBatch;
  /** True for lines that were written before, by a view or by none: no view is made of them again. */
  readonly written: boolean;
  /** Makes the format to write them in from the destination's own. */
  readonly format: (own: LineFormat) => LineFormat;
}

/** Events of a batch, written as the destination wants them and marked as replayed. */
export function linesOfEvents(batch: CutBatch): Lines {
  return { batch, written: false, format: markedAsReplayed };
}

function markedAsReplayed(own: LineFormat): LineFormat {
  return { begin: (cut, facts: BatchFacts) => own.begin(cut, { ...facts, replayed: true }) };
}

/** Lines that were written before and are sent unchanged. */
export function linesAsTheyAre(lines: readonly Uint8Array[]): Lines {
  const joined = lines.flatMap((line) => [comma, line]).slice(1);
  const cut = cutEvents(Buffer.concat([openArray, ...joined, closeArray]));
  // Every line that the relay has written is one JSON object, whose timestamp is told with its place.
  if (!('damaged' in cut) && cut.count === lines.length)
    return { batch: { batch: nobodysBatch, cut }, written: true, format: () => asTheyAre };
  return {
    batch: { batch: nobodysBatch, cut: withoutTimes(lines) },
    written: true,
    format: () => asTheyAre,
  };
}

const openArray = Buffer.from('[');
const comma = Buffer.from(',');
const closeArray = Buffer.from(']');

function withoutTimes(lines: readonly Uint8Array[]): Cut {
  const source = Buffer.concat(lines);
  const starts = new Uint32Array(lines.length);
  const ends = new Uint32Array(lines.length);
  let at = 0;
  lines.forEach((line, index) => {
    starts[index] = at;
    at += line.length;
    ends[index] = at;
  });
  const none = { starts: new Uint32Array(lines.length), ends: new Uint32Array(lines.length) };
  const flags = new Uint8Array(lines.length);
  return {
    source,
    singleLine: source,
    count: lines.length,
    starts,
    ends,
    flags,
    timestamps: none,
    activities: none,
  };
}

const asTheyAre: LineFormat = {
  begin: ({ source, starts, ends }) => ({
    overheadBytes: 0,
    write(index, target, at) {
      const line = source.subarray(starts[index]!, ends[index]!);
      target.set(line, at);
      return at + line.length;
    },
  }),
};

/** Lines carry their facts themselves. */
const nobodysBatch: CutBatch['batch'] = {
  run: '',
  startedAt: 0,
  number: 0,
  collectedAt: 0,
  stream: '',
  answer: { received: new Uint8Array(), encoding: 'identity' },
  cutOff: false,
};

/** The lines with these indexes, in the order of `indexes`. */
export function someLines({ batch, written, format }: Lines, indexes: readonly number[]): Lines {
  const { cut } = batch;
  const offsets = (all: Uint32Array) => Uint32Array.from(indexes, (index) => all[index]!);
  const spans = ({ starts, ends }: Cut['timestamps']) => ({ starts: offsets(starts), ends: offsets(ends) });
  const part: Cut = {
    ...cut,
    ...spans(cut),
    count: indexes.length,
    flags: Uint8Array.from(indexes, (index) => cut.flags[index]!),
    timestamps: spans(cut.timestamps),
    activities: spans(cut.activities),
  };
  return { batch: { ...batch, cut: part }, written, format };
}
