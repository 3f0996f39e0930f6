import { gzipSync } from 'node:zlib';

/**
 * A compressed tar archive of text files, the same for the same files: each is readable by all, of user 0, of the first
 * second of 1980, in a folder that has an entry of its own.
 *
 * @throws {RangeError} where a path is longer than the 100 bytes of the format's name
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html for the ustar format
 */
export function tarball(files: ReadonlyMap<string, string>): Buffer {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  const blocks = [
    ...[...folders].sort().map((folder) => header(`${folder}/`, { kind: '5', mode: 0o755, size: 0 })),
    ...[...files].flatMap(([path, text]) => {
      const bytes = Buffer.from(text);
      return [header(path, { kind: '0', mode: 0o644, size: bytes.length }), padded(bytes)];
    }),
  ];
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * blockBytes)]), { level: 9 });
}

const blockBytes = 512;

/** The earliest time that every unpacking program takes: 1980-01-01, in seconds. */
const modified = 315_532_800;

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

interface Entry {
  readonly kind: '0' | '5';
  readonly mode: number;
  readonly size: number;
}

function header(name: string, { kind, mode, size }: Entry): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is longer than a name in a tar archive`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, width: number) =>
    block.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at);
  block.write(name, 0);
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modified, 136, 12);
  block.fill(' ', 148, 156);
  block.write(kind, 156);
  block.write('ustar\x0000', 257);
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & (blockBytes - 1))]);
}
