import { describe, expect, test } from 'vitest';
import { durationText } from '../../../cli/text.ts';
import { bytes } from '../../../local/run/byte-text.ts';
import { buildReport, type StreamOutcome } from '../../../local/run/report.ts';
import { resultTable } from '../../../local/run/result-table.ts';

describe('the result', () => {
  test('as an object has exactly the promised members', () => {
    const report = buildReport([outcome()], 1_234.5);
    expect(report).toEqual({
      streams: [
        {
          id: 'relay-dev-cis',
          type: 'cis',
          generated: 10,
          collected: 11,
          journaled: 9,
          delivered: 8,
          unjournaled: 2,
          missing: 1,
          duplicates: 2,
          quarantined: 1,
          erased: 0,
          dropped: 3,
          batches: 2,
          records: 5,
          sourceBytes: 5_000,
          rawBytes: 12_000,
          billedBytes: 15_360,
          lagMs: 300_000,
          destinations: [
            {
              name: 'archive',
              kind: 's3',
              delivered: 9,
              missing: 0,
              dropped: 3,
              duplicates: 2,
              rawBytes: 6_000,
              billedBytes: 10_240,
              late: 0,
              erased: 0,
              redated: 0,
              redriven: 0,
            },
            {
              name: 'splunk',
              kind: 'splunk',
              delivered: 8,
              missing: 1,
              dropped: 0,
              duplicates: 0,
              rawBytes: 6_000,
              billedBytes: 5_120,
              late: 0,
              erased: 0,
              redated: 0,
              redriven: 0,
            },
          ],
        },
      ],
      elapsedMs: 1_235,
    });
  });

  test("of a run with faults gives each stream's faults and re-driven events", () => {
    const report = buildReport([{ ...outcome(), redriven: { splunk: 7 }, faults: { outage: 1 } }], 1);
    expect(report.streams[0]?.faults).toEqual({ outage: 1 });
    expect(report.streams[0]?.destinations.map(({ redriven }) => redriven)).toEqual([0, 7]);
  });

  test('of a source that cannot be counted gives the collected events', () => {
    const report = buildReport([{ ...outcome(), generatedKnown: false }], 1);
    expect(report.streams[0]).toMatchObject({ generated: 11, collected: 11 });
  });

  test('as a table has a row per destination, in units for people', () => {
    const text = resultTable(outcome(), { colour: false, maxRssMb: 131.4 });
    expect(text).toContain(
      'cis relay-dev-cis: 10 generated, 11 collected, 9 journaled (2 delivered without a journal) in 2 batches, 4.9 KiB; collector up to 131 MB\n',
    );
    expect(text).toMatch(/archive \(s3\) .* 9 .* 0 .* 2 .* 3 .* 5\.9 KiB .* 10 KiB .* 5 min/);
    expect(text).toMatch(/^splunk .* 8 .* 1 /m);
    expect(text).not.toContain('\u001b');
  });

  test('as a table tells apart what Mosaic handed out again', () => {
    const { comparison, ...rest } = outcome();
    const text = resultTable(
      { ...rest, comparison: { ...comparison, collected: 15 } },
      { colour: false, maxRssMb: 0 },
    );
    expect(text).toContain('10 generated, 15 collected, 4 of them again, 9 journaled');
  });

  test.each([40, 80, 120])('as a table fits %i columns, and never leaves out what is missing', (columns) => {
    const text = resultTable(outcome(), { colour: false, columns, maxRssMb: 131.4 });
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(columns);
    expect(text).toMatch(columns === 40 ? /^ {2}missing: 0\n/m : /^to +delivered +missing/m);
    expect(text.includes('quarantined')).toBe(true);
  });

  test('sizes and spans are read without counting digits', () => {
    expect([bytes(0), bytes(1_023), bytes(1_536), bytes(50 * 1024 ** 2)]).toEqual([
      '0 bytes',
      '1,023 bytes',
      '1.5 KiB',
      '50 MiB',
    ]);
    expect([durationText(850), durationText(90_000), durationText(300_000), durationText(9_000_000)]).toEqual(
      ['850 ms', '90 s', '5 min', '2.5 h'],
    );
  });
});

function outcome(): StreamOutcome {
  const shared = {
    late: 0,
    erased: 0,
    redated: 0,
    quarantined: 1,
    altered: 0,
    foreign: 0,
    longestWaitMs: 300_000,
    missingEvents: [],
    lateIds: [],
  };
  return {
    name: 'cis',
    id: 'relay-dev-cis',
    type: 'cis',
    generatedKnown: true,
    collected: { batches: 2, sourceBytes: 5_000 },
    lastResorts: 0,
    accepted: {
      archive: { records: 3, rawBytes: 6_000, billedBytes: 10_240 },
      splunk: { records: 2, rawBytes: 6_000, billedBytes: 5_120 },
    },
    comparison: {
      generated: 10,
      delivered: 8,
      missing: 1,
      duplicates: 2,
      quarantined: 1,
      dropped: 3,
      late: 0,
      erased: 0,
      collected: 11,
      journaled: 9,
      unjournaled: 2,
      unjournaledBatches: [],
      destinations: [
        { ...shared, name: 'archive', kind: 's3', delivered: 9, missing: 0, dropped: 3, duplicates: 2 },
        { ...shared, name: 'splunk', kind: 'splunk', delivered: 8, missing: 1, dropped: 0, duplicates: 0 },
      ],
    },
  };
}
