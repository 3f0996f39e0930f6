/**
 * Finds texts that may be events in bytes that are no whole JSON array: a body that was cut off, a wrapper, text
 * around them.
 *
 * It visits every complete `{…}` of the two outermost levels, and the caller tells by their bytes which are
 * events. Bytes that are no JSON can only make it find less.
 */
export function scanForEvents(bytes: Uint8Array, visit: (object: Uint8Array) => void): void {
  const starts: number[] = [];
  let inString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]!;
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = starts.length > 0;
    else if (byte === open) starts.push(at);
    else if (byte === close && starts.length > 0) {
      const start = starts.pop()!;
      // Of an array the first level is its events, of a wrapper the second; deeper ones are their members.
      if (starts.length < visitedDepth) visit(bytes.subarray(start, at + 1));
    }
  }
}

const visitedDepth = 2;
const [quote, backslash, open, close] = [0x22, 0x5c, 0x7b, 0x7d];
