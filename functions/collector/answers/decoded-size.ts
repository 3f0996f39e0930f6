import type { Answer } from '../../answer.ts';

/**
 * Reads an answer's own statement of its decompressed size, in bytes, without decompressing it.
 *
 * The size stands in a gzip trailer or a zstd frame header, so a damaged or hostile answer may give any number.
 * @returns undefined where the answer states no size
 * @see https://www.rfc-editor.org/rfc/rfc1952 (ISIZE), https://www.rfc-editor.org/rfc/rfc8878 (Frame_Header)
 */
export function decodedSize({ received, encoding }: Answer): number | undefined {
  if (encoding === 'identity') return received.length;
  const view = new DataView(received.buffer, received.byteOffset, received.byteLength);
  if (encoding === 'gzip')
    return received.length < 18 ? undefined : view.getUint32(received.length - 4, true);
  return zstdContentSize(view);
}

const zstdMagic = 0xfd2fb528;
/** Lengths in bytes of the dictionary id and of the content size, by their flags. */
const dictionaryBytes = [0, 1, 2, 4] as const;
const sizeBytes = [0, 2, 4, 8] as const;

function zstdContentSize(view: DataView): number | undefined {
  if (view.byteLength < 18 || view.getUint32(0, true) !== zstdMagic) return undefined;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes[(descriptor & 3) as 0 | 1 | 2 | 3];
  switch (sizeBytes[(descriptor >> 6) as 0 | 1 | 2 | 3]) {
    case 0:
      return isSingleSegment ? view.getUint8(at) : undefined;
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    case 8:
      return Number(view.getBigUint64(at, true));
  }
}
