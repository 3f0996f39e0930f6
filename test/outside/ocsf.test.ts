import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventText, storyText, tellStory } from '@mosaic-relay/mosaic-simulator';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MappedType } from '../../content/mapping/mapping-of.ts';
import { compileShape, type OcsfShape, ocsfShapes } from '../../content/mapping/ocsf.ts';
import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { createSeer } from '../../functions/collector/views/see-cut.ts';
import { compileView, memberDepth } from '../../functions/stored/compiled-view.ts';
import { drawnShapedEvent } from '../functions/collector/views/shape/drawn-events.ts';
import { runProgram, tellSkipped, temporaryFolder } from './install.ts';
import { installPython } from './python.ts';

const folder = temporaryFolder();
const python = await installPython(folder, ['ocsf-json-schema==1.2.0', 'jsonschema==4.26.0']);
tellSkipped('ocsf-json-schema', python.missing, folder);

const types: readonly MappedType[] = ['cis', 'admin', 'risk', 'verify'];

describe.skipIf(python.missing !== undefined)('ocsf-json-schema', () => {
  test.each(ocsfShapes)('finds every line of a story valid for its class, as %s', async (name) => {
    const story = tellStory({ seed: 18, from: Date.UTC(2026, 2, 2), days: 1 });
    const lines = types.flatMap((type) =>
      linesOf(name, type, story.filter((event) => event.type === type).map(storyText)),
    );

    const { valid, classes, problems } = await validated(name, lines);
    expect(problems).toEqual([]);
    expect(valid).toBe(lines.length);
    expect(valid).toBeGreaterThan(1_000);
    expect(classes).toEqual(expect.arrayContaining([3002, 3001, 6003, 2004]));
  });

  test.each(ocsfShapes)(
    'finds every line of the hostile simulator and of drawn events valid, as %s',
    async (name) => {
      const drawn = fc.sample(drawnShapedEvent(), { numRuns: 300, seed: 18 });
      const lines = types.flatMap((type) =>
        linesOf(name, type, [...simulated(type), ...drawn, '17', '{}', '[]']),
      );

      const { valid, problems } = await validated(name, lines);
      expect(problems).toEqual([]);
      expect(valid).toBe(lines.length);
    },
  );

  test.each(ocsfShapes)('finds each planted fault, as %s', async (name) => {
    const good = linesOf(name, 'cis', [
      '{"activity":"user_login","user_id":"u","ip":"203.0.113.7","timestamp":"2026-03-02T07:55:15.940Z"}',
    ])[0]!;
    const faults = [
      good.replace(/"time":\d+/, '"time":"yesterday"'),
      good.replace('"ip":"203.0.113.7"', '"ip":"no address"'),
      good.replace('"user":{"uid":"u"}', '"user":{}'),
      good.replace('"user":{"uid":"u"},', ''),
      good.replace('"activity_id":1', '"activity_id":77'),
      good.replace('"severity_id":1,', ''),
      good.replace('"message"', '"msg"'),
    ];

    expect(new Set(faults).size).toBe(faults.length);
    expect(faults).not.toContain(good);
    const { valid, problems } = await validated(name, [good, ...faults]);
    expect(valid).toBe(1);
    expect(problems).toHaveLength(faults.length);
  });
});

/** The lines that the collector delivers, with all that it adds. */
function linesOf(name: OcsfShape, type: MappedType, events: readonly string[]): readonly string[] {
  const view = { ...compileView({}), shape: compileShape(name, type, { rawData: true }) };
  const cut = cutEvents(Buffer.from(`[${events.join(',')}]`), { depth: memberDepth(view) });
  if ('damaged' in cut) throw new Error(cut.message);
  const facts = { type, stream: 's', collectedAt: Date.UTC(2026, 2, 2, 8) };
  const { cut: shaped } = createSeer(view, undefined)(cut, type, facts.collectedAt);
  const writer = createLineFormat('relay-line', 'test').begin(shaped, facts);
  return Array.from({ length: shaped.count }, (_, index) => {
    const most = shaped.ends[index]! - shaped.starts[index]! + writer.overheadBytes;
    const target = Buffer.alloc(most);
    return target.subarray(0, writer.write(index, target, 0)).toString();
  });
}

function simulated(type: MappedType): readonly string[] {
  return [false, true].flatMap((snakeParams) =>
    Array.from({ length: 300 }, (_, index) =>
      eventText(
        {
          seed: 18,
          averageBytes: 1_000,
          snakeParams,
          pretty: snakeParams,
          large: false,
          oversize: false,
          unreadableTimestamps: snakeParams,
        },
        { type, index, timestamp: 1_790_000_000_000, enriched: !snakeParams },
      ),
    ),
  );
}

interface Validated {
  readonly valid: number;
  /** Of the valid lines. */
  readonly classes: readonly number[];
  /** The first problem of each line that is not valid. */
  readonly problems: readonly string[];
}

async function validated(name: OcsfShape, lines: readonly string[]): Promise<Validated> {
  if (python.missing !== undefined) throw new Error(python.missing);
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  const script = join(import.meta.dirname, 'validate_ocsf.py');
  const { error, output } = await runProgram(python.program('python'), [script, file], {
    folder,
    timeoutMs: 280_000,
  });
  if (error !== undefined) throw new Error(output, { cause: error });
  return JSON.parse(output) as Validated;
}
