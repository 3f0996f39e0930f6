/**
 * Groups lines, in order, so that each group's array of rows is at most `maxBytes`. A longer line is a group of
 * its own.
 */
export function* groupLines(lines: Iterable<Uint8Array>, maxBytes: number): Generator<readonly Uint8Array[]> {
  let group: Uint8Array[] = [];
  let size = 1;
  for (const line of lines) {
    if (group.length > 0 && size + line.length + aroundBytes > maxBytes) {
      yield group;
      group = [];
      size = 1;
    }
    group.push(line);
    size += line.length + aroundBytes;
  }
  if (group.length > 0) yield group;
}

const before = Buffer.from('{"Event":');
const after = Buffer.from('}');
/** Bytes that an array of rows adds to each line: the row around the line, and a comma or the last bracket. */
const aroundBytes = before.length + after.length + 1;

/**
 * Writes lines as an array of rows with one column, `Event`. No event is parsed, so every number and key stays as
 * it was sent. A rule that receives events as columns would drop every member that it does not declare.
 */
export function asRows(lines: readonly Uint8Array[]): Uint8Array {
  const parts = lines.flatMap((line, index) => [Buffer.from(index === 0 ? '[' : ','), before, line, after]);
  return Buffer.concat([...parts, Buffer.from(']')]);
}
