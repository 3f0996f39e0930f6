import { isIPv6 } from 'node:net';
import type { ShapedType } from '../../../stored/compiled-shape.ts';

/**
 * How a value stands at a place: `as-sent`, copied; `quoted`, a number as a string; `rounded`, a score without its fraction;
 * `no`, not at all. What is quoted or rounded stays in `unmapped` as well.
 */
export type Fit = 'as-sent' | 'quoted' | 'rounded' | 'no';

/** Tells whether a place takes a JSON value, the bytes from `start` to before `end`. */
export function fitOf(type: ShapedType, source: Buffer, start: number, end: number): Fit {
  const isText = source[start] === quote;
  if (type === 'text') return isText ? 'as-sent' : 'no';
  if (type === 'time') return isText ? 'as-sent' : isNumber(source[start]!) ? 'quoted' : 'no';
  if (type === 'score') return scoreFit(source, start, end);
  if (!isText) return 'no';
  return type === 'address' ? addressFit(source, start + 1, end - 1) : emailFit(source, start + 1, end - 1);
}

const quote = 0x22;

function isNumber(first: number): boolean {
  return first === 0x2d || isDigit(first);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** OCSF takes an address of 40 characters. */
const longestAddress = 40;

function addressFit(source: Buffer, start: number, end: number): Fit {
  if (end - start > longestAddress) return 'no';
  if (isIPv4(source, start, end)) return 'as-sent';
  return isIPv6(source.toString('latin1', start, end)) ? 'as-sent' : 'no';
}

/** Four numbers of 0 to 255 without zeros before them. `isIPv4` of Node would need a string of each address. */
function isIPv4(source: Buffer, start: number, end: number): boolean {
  let parts = 0;
  let digits = 0;
  let value = 0;
  for (let at = start; at <= end; at++) {
    const byte = at === end ? dot : source[at]!;
    if (byte === dot) {
      if (digits === 0 || value > 255) return false;
      parts += 1;
      digits = 0;
      value = 0;
    } else {
      if (!isDigit(byte) || digits === 3 || (digits > 0 && value === 0)) return false;
      digits += 1;
      value = value * 10 + byte - 0x30;
    }
  }
  return parts === 4;
}

const dot = 0x2e;

function emailFit(source: Buffer, start: number, end: number): Fit {
  const isAddress =
    end - start <= longestEmail &&
    /^[\w!#$%&'*+\-./=?^`{|}~]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/.test(source.toString('latin1', start, end));
  return isAddress ? 'as-sent' : 'no';
}

/** Of RFC 5321, and room to spare. */
const longestEmail = 400;

function scoreFit(source: Buffer, start: number, end: number): Fit {
  if (!isNumber(source[start]!) || end - start > longestScore) return 'no';
  const text = source.toString('latin1', start, end);
  const value = Number(text);
  if (!(value >= 0 && value <= 100)) return 'no';
  return /^\d+$/.test(text) ? 'as-sent' : 'rounded';
}

const longestScore = 40;
