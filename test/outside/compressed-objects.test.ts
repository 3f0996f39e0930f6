import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventText } from '@mosaic-relay/mosaic-simulator';
import { describe, expect, test } from 'vitest';
import { compressAnswer } from '../../functions/collector/answers/decode-answer.ts';
import { eventTypes } from '../../functions/collector/contract.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { cutOf } from '../functions/collector/answers/cut-of.ts';
import { runProgram, tellSkipped, temporaryFolder } from './install.ts';
import { installPython } from './python.ts';

const release = 'duckdb==2.0.0';
const folder = temporaryFolder();
const python = await installPython(folder, [release]);
tellSkipped(`Python's gzip and ${release}`, python.missing, folder);

const collectedAt = Date.UTC(2026, 2, 1);
const style = {
  seed: 13,
  averageBytes: 1_000,
  snakeParams: false,
  pretty: false,
  large: true,
  oversize: false,
  unreadableTimestamps: false,
};

describe.skipIf(python.missing !== undefined).each(eventTypes)('of %s', (type) => {
  const events = Array.from({ length: 2_000 }, (_, index) =>
    eventText(style, { type, index, timestamp: collectedAt, enriched: true }),
  );

  const halves = events.filter(hasHalfPair).length;

  // DuckDB takes no half of a surrogate pair, and reads such a line as a row of nulls under `ignore_errors`.
  test("an object of compressed records is one file of lines to Python's gzip and to DuckDB", async () => {
    const facts = { type, stream: `relay-${type}`, collectedAt };
    const shape = { format: createLineFormat('relay-line', 'dev'), packing: 'lines' } as const;
    const plain = Buffer.concat(prepareRecords(cutOf(events), facts, shape).records);
    const { records } = prepareRecords(cutOf(events), facts, { ...shape, compressRecords: true });

    const read = await readBack(`${type}.json.gz`, Buffer.concat(records));

    expect(records.length).toBeGreaterThan(1);
    expect(read).toEqual({
      gzip: { lines: 2_000, ids: 2_000, sha256: createHash('sha256').update(plain).digest('hex') },
      duckdb: { rows: 2_000, ids: 2_000 - halves, activities: 2_000 - halves },
    });
    expect(halves).toBeLessThan(500);
  });

  // DuckDB reads no array on in which one event has half of a pair.
  test('an object of the journal is one array of events to DuckDB', async () => {
    const whole = events.filter((event) => !hasHalfPair(event));
    const received = Buffer.from(`[${whole.join(',')}]`);
    const answer = compressAnswer({ received, encoding: 'identity' });

    const read = await readBack(`${type}.json.zst`, answer.received);

    expect(answer.encoding).toBe('zstd');
    expect(read).toMatchObject({ duckdb: { rows: whole.length, activities: whole.length } });
  });
});

/** True for a text with an escape of one half of a surrogate pair, such as `\\ud800`, without the other. */
function hasHalfPair(text: string): boolean {
  let wanted: number | undefined;
  for (const { 1: code = '0', index } of text.matchAll(/\\(?:u([0-9a-fA-F]{4})|.)/gs)) {
    const unit = Number.parseInt(code, 16) >> 10;
    const isLow = unit === 0xdc00 >> 10;
    if ((wanted === index) !== isLow || (wanted !== undefined && wanted !== index)) return true;
    wanted = unit === 0xd800 >> 10 ? index + '\\u0000'.length : undefined;
  }
  return wanted !== undefined;
}

/** What Python reads of a file with these bytes. */
async function readBack(name: string, bytes: Uint8Array): Promise<unknown> {
  if (python.missing !== undefined) throw new Error(python.missing);
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const script = join(import.meta.dirname, 'read_lines.py');
  const { error, output } = await runProgram(python.program('python'), [script, path], {
    folder,
    timeoutMs: 50_000,
  });
  if (error !== undefined) throw new Error(output, { cause: error });
  return JSON.parse(output);
}
