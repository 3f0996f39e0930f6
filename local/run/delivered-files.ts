import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { shown, WrongUse } from '../../cli/arguments/wrong-use.ts';

/** The file that marks a folder as made by a run, so that a later run may empty it. */
const markerName = '.mosaic-siem-relay';

/**
 * Makes the folder for delivered objects, empty.
 *
 * @throws {WrongUse} where the folder holds files that no run left, and touches none of them
 */
export async function prepareOut(folder: string): Promise<string> {
  const path = resolve(folder);
  const found = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw new WrongUse(`--out ${shown(folder)} cannot be used as a folder: ${error.code}`);
  });
  if (found.length > 0 && !found.includes(markerName)) {
    throw new WrongUse(
      `--out ${shown(folder)} holds files that are not of an earlier run: choose another folder, or empty it`,
    );
  }
  // The marker goes last: a run that is interrupted here can be followed by another.
  for (const name of found.filter((name) => name !== markerName)) {
    await rm(join(path, name), { recursive: true, force: true });
  }
  await makeFolder(path).catch((error: NodeJS.ErrnoException) => {
    throw new WrongUse(`--out ${shown(folder)} cannot be made: ${error.code}`);
  });
  await writeFile(
    join(path, markerName),
    'Left by a local run of mosaic-siem-relay, which empties this folder.\n',
  );
  return path;
}

/**
 * Makes folders from the outermost on. Node's recursive form never ends where a parent takes no folder, such as
 * `/proc`.
 */
async function makeFolder(path: string): Promise<void> {
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (parent === undefined) await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/**
 * Writes a delivered object to `<folder>/<bucket>/<key>`.
 *
 * @returns the path of the file
 */
export async function keepObject(
  folder: string,
  object: { readonly bucket: string; readonly key: string; readonly body: Uint8Array },
): Promise<string> {
  const path = resolve(folder, object.bucket, object.key);
  if (!path.startsWith(folder + sep)) throw new Error(`the key ${object.key} does not stay inside a folder`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, object.body);
  return path;
}

/** Visits every line of a file. A gzip file may have several members one after the other. */
export async function eachLineOf(path: string, visit: (line: Buffer) => void): Promise<void> {
  if ((await stat(path)).size === 0) return;
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!(await isGzip(path))) {
    await splitLines(file, visit);
    return;
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  await Promise.all([pipeline(file, gunzip), splitLines(gunzip, visit)]);
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function splitLines(bytes: Readable, visit: (line: Buffer) => void): Promise<void> {
  let rest: Buffer[] = [];
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      const tail = chunk.subarray(start, end);
      const line = rest.length === 0 ? tail : Buffer.concat([...rest, tail]);
      rest = [];
      start = end + 1;
      if (line.length > 0) visit(line);
    }
    if (start < chunk.length) rest.push(Buffer.from(chunk.subarray(start)));
  }
  if (rest.length > 0) visit(Buffer.concat(rest));
}
