const table = buildTable();

/**
 * CRC-32C (Castagnoli) as Google Cloud Storage writes it: four bytes, most significant first, in base64.
 * `node:zlib` has CRC-32 with another polynomial only.
 * @see https://cloud.google.com/storage/docs/data-validation
 */
export function crc32c(bytes: Uint8Array): string {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  const big = Buffer.alloc(4);
  big.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return big.toString('base64');
}

function buildTable(): Uint32Array {
  const reversedPolynomial = 0x82f63b78;
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ reversedPolynomial : value >>> 1;
    return value >>> 0;
  });
}
