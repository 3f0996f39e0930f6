/**
 * The text of a JSON string, its escapes decoded. A lone string is not touched by the fault of `JSON.parse` that mixes
 * up object keys.
 *
 * @param start the offset after the opening quote
 * @param end the offset of the closing quote
 */
export function decodedText(source: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(source.buffer, source.byteOffset + start, end - start).toString();
  return hasEscape(source, start, end) ? (JSON.parse(`"${text}"`) as string) : text;
}

export function hasEscape(source: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (source[at] === 0x5c /* \ */) return true;
  return false;
}
