import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eachLineOf, keepObject, prepareOut } from '../../../local/run/delivered-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-out-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the folder of delivered objects', () => {
  test('is made, and files of an earlier run in it are deleted', async () => {
    const out = await prepareOut(join(folder, 'out'));
    const object = { bucket: 'b', key: 'type=cis/dt=2026-03-01/x-1.gz', body: Buffer.from('1') };
    const path = await keepObject(out, object);
    expect(await readFile(path, 'utf8')).toBe('1');
    expect(path).toBe(join(out, 'b', 'type=cis', 'dt=2026-03-01', 'x-1.gz'));

    await prepareOut(join(folder, 'out'));
    expect(await readdir(out)).toEqual(['.mosaic-siem-relay']);
  });

  test('is refused, untouched, when it holds files that no run left', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    await expect(prepareOut(folder)).rejects.toMatchObject({ name: 'WrongUse' });
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  test('is made with its parents', async () => {
    const out = await prepareOut(join(folder, 'a', 'b'));
    expect(await readdir(out)).toEqual(['.mosaic-siem-relay']);
  });

  test.runIf(process.platform === 'linux')('is refused where no folder can be made', async () => {
    await expect(prepareOut('/proc/relay/out')).rejects.toThrow(/cannot be made: E/);
  });

  test('is refused when it is a file', async () => {
    await writeFile(join(folder, 'out'), '');
    await expect(prepareOut(join(folder, 'out'))).rejects.toThrow(/cannot be used as a folder: ENOTDIR/);
  });

  test('is not left by a key that climbs', async () => {
    const object = { bucket: 'b', key: '../../x', body: Buffer.from('1') };
    await expect(keepObject(folder, object)).rejects.toThrow('does not stay inside');
  });
});

describe('the lines of a delivered object', () => {
  test.each([
    ['plain', Buffer.from('{1}\n{2}\n{3}\n')],
    ['without a last line break', Buffer.from('{1}\n\n{2}\n{3}')],
    ['gzip', gzipSync('{1}\n{2}\n{3}\n')],
    [
      'several gzip members, cut within a line',
      Buffer.concat(['{1}\n{', '2}\n{3', '}\n'].map((part) => gzipSync(part))),
    ],
    [
      'gzip members between plain lines',
      Buffer.concat([Buffer.from('{1}\n'), gzipSync('{2}\n'), Buffer.from('{3}\n')]),
    ],
  ])('are the same when it is %s', async (_, body) => {
    const path = await keepObject(folder, { bucket: 'b', key: 'k', body });
    const lines: string[] = [];
    await eachLineOf(path, (line) => lines.push(line.toString()));
    expect(lines).toEqual(['{1}', '{2}', '{3}']);
  });

  test('may be longer than one read', async () => {
    const long = 'x'.repeat(1_000_000);
    const path = await keepObject(folder, { bucket: 'b', key: 'k', body: gzipSync(`${long}\nshort\n`) });
    const lengths: number[] = [];
    await eachLineOf(path, (line) => lengths.push(line.length));
    expect(lengths).toEqual([1_000_000, 5]);
  });

  test('of an empty object are none', async () => {
    const path = await keepObject(folder, { bucket: 'b', key: 'k', body: Buffer.alloc(0) });
    await eachLineOf(path, () => expect.unreachable());
  });

  test('of a damaged object are an error, not silence', async () => {
    const body = gzipSync('one\ntwo\n').subarray(0, -6);
    const path = await keepObject(folder, { bucket: 'b', key: 'k', body });
    await expect(eachLineOf(path, () => {})).rejects.toThrow();
  });
});
