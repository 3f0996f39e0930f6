import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommandLine } from '../../../local/run/command-line.ts';
import type { Report } from '../../../local/run/report.ts';
import { synthesize } from '../../../local/run/synthesize.ts';

test('50,000 events a type arrive once each, and no collector takes 200 MB for them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-volume-'));
  const written: string[] = [];
  const output = {
    write(text: string | Uint8Array) {
      written.push(String(text));
      return true;
    },
  };
  try {
    const code = await runCommandLine(['--events', '50000', '--json', '--out', join(folder, 'out')], {
      root: join(import.meta.dirname, '../../..'),
      stdout: output,
      stderr: { write: () => true },
      env: {},
      synthesize,
      signal: new AbortController().signal,
    });
    const { streams } = JSON.parse(written.at(-1) ?? '') as Report;
    expect(code).toBe(0);
    expect(streams).toHaveLength(4);
    for (const stream of streams) {
      expect(stream).toMatchObject({ generated: 50_000, delivered: 50_000, missing: 0, duplicates: 0 });
      // Compressed records are smaller, so that rounding each up to 5 KB adds a larger part to them.
      const isCompressed = stream.rawBytes < stream.sourceBytes;
      expect(stream.billedBytes / stream.rawBytes).toBeLessThan(isCompressed ? 1.06 : 1.03);
    }
    const memory = [...written.join('').matchAll(/collector up to (\d+) MB/g)].map(([, mb]) => Number(mb));
    expect(memory).toHaveLength(4);
    expect(Math.max(...memory)).toBeLessThan(200);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
