import type { QuarantineReason } from '../../stored/quarantine-entry.ts';
import type { Cut, DamagedBatch } from '../protocol/ports/answers.ts';
import { cutEvents, type DamagedAnswer } from './cut-events.ts';
import { isCutShort } from './cut-short.ts';
import { decodeBeginning } from './decode-answer.ts';
import { endOfString } from './json-tokens.ts';

/** The whole events of an answer that was cut off. */
export interface WholeEvents {
  readonly cut: Cut;
  /** The bytes after the last whole event: mostly a comma and the beginning of the next event. */
  readonly rest: Uint8Array;
}

/**
 * Opens an answer that the network cut off, or that was cut off before it was sent.
 *
 * @param capBytes most bytes that the answer may decompress to
 * @returns undefined where the answer has a problem other than a missing end
 */
export function openCutOff({ batch, damaged }: DamagedBatch, capBytes: number): WholeEvents | undefined {
  if (!mayBeCutOff.has(damaged)) return undefined;
  const beginning = decodeBeginning(batch.answer, capBytes);
  if ('damaged' in beginning) return undefined;
  const whole = cutWholeEvents(beginning);
  if ('damaged' in whole) return undefined;
  return batch.cutOff || isCutShort(whole.rest) ? whole : undefined;
}

/** Reasons that a missing end can have. A sender that was cut off itself may close the connection in good order. */
const mayBeCutOff: ReadonlySet<QuarantineReason> = new Set([
  'cut-off',
  'damaged-compression',
  'invalid-json',
]);

/**
 * Cuts the beginning of an array into its whole events, byte for byte as `cutEvents` would have.
 *
 * A number at the very end is left out, since its next digit may be missing. Only operators use this: it reads the
 * bytes twice and copies them, and `cutEvents`, which serves every run, does neither.
 *
 * @returns the damage where the bytes do not begin an array, or are damaged before their end
 */
export function cutWholeEvents(beginning: Uint8Array): WholeEvents | DamagedAnswer {
  const end = endOfWholeElements(beginning);
  const cut = cutEvents(Buffer.concat([beginning.subarray(0, end), closing]));
  return 'damaged' in cut ? cut : { cut, rest: beginning.subarray(end) };
}

const closing = Buffer.from(']');
const [quote, comma, openArray, closeArray, openObject, closeObject] = Buffer.from('",[]{}');

/**
 * Finds the offset after the last whole element of the outermost array. It does not check the JSON before that
 * offset; the cutter does.
 */
function endOfWholeElements(source: Uint8Array): number {
  const first = source.indexOf(openArray!);
  if (first === -1) return source.length;
  let end = first + 1;
  let depth = 1;
  let at = end;
  while (at < source.length && depth > 0) {
    const byte = source[at]!;
    if (byte === quote) {
      at = endOfString(source, at + 1);
      if (at === -1) return end;
      if (depth === 1) end = at;
    } else if (byte === openArray || byte === openObject) {
      depth += 1;
      at += 1;
    } else if (byte === closeArray || byte === closeObject) {
      depth -= 1;
      at += 1;
      if (depth === 1) end = at;
    } else if (depth === 1 && !isBetween(byte)) {
      const after = endOfBareToken(source, at);
      if (after === source.length && !isLiteral(source.subarray(at))) return end;
      at = after;
      end = after;
    } else at += 1;
  }
  return end;
}

function endOfBareToken(source: Uint8Array, from: number): number {
  let at = from;
  while (at < source.length && !isBetween(source[at]!) && source[at] !== closeArray) at += 1;
  return at;
}

/** True for white space and commas. */
function isBetween(byte: number): boolean {
  return byte <= 0x20 || byte === comma;
}

/** True for a whole literal, which no further byte can continue. A number could go on. */
function isLiteral(token: Uint8Array): boolean {
  return ['true', 'false', 'null'].includes(Buffer.from(token).toString('latin1'));
}
