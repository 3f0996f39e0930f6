import { uniqueId } from '@mosaic-relay/mosaic-simulator';
import type { EventType } from '../../../functions/collector/contract.ts';

/** Finds the numbers in the unique ids of the simulator's events, without parsing the events. */
export interface EventNumbers {
  /** The numbers of a record's lines, in order. @throws for a line without an event of this seed and type */
  ofLines(record: Buffer): readonly NumberedLine[];
  /** The numbers of an answer's events, in order. */
  ofAnswer(answer: Buffer): readonly number[];
}

export interface NumberedLine {
  readonly event: number;
  /** Bytes of the line, its line feed included. */
  readonly bytes: number;
}

const digits = 12;
const lineFeed = 0x0a;

export function readEventNumbers(seed: number, type: EventType): EventNumbers {
  const idStart = Buffer.from(uniqueId(seed, type, 0).slice(0, -digits));
  const numberAt = (bytes: Buffer, at: number): number =>
    Number.parseInt(bytes.toString('latin1', at + idStart.length, at + idStart.length + digits), 16);
  return {
    ofLines(record) {
      const lines: NumberedLine[] = [];
      for (let start = 0; start < record.length; ) {
        const feed = record.indexOf(lineFeed, start);
        const end = feed === -1 ? record.length : feed + 1;
        const at = record.indexOf(idStart, start);
        if (at === -1 || at >= end)
          throw new Error('a line was put to Firehose that holds no event of this run');
        lines.push({ event: numberAt(record, at), bytes: end - start });
        start = end;
      }
      return lines;
    },
    ofAnswer(answer) {
      const numbers: number[] = [];
      for (let at = answer.indexOf(idStart); at !== -1; at = answer.indexOf(idStart, at + idStart.length)) {
        const number = numberAt(answer, at);
        // An event may repeat its own id, and never holds another's.
        if (number !== numbers.at(-1)) numbers.push(number);
      }
      return numbers;
    },
  };
}
