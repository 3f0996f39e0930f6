/**
 * The network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address, and zeros. It is
 * written as an address, so that a SIEM's field for addresses takes it. The bytes are read one by one, because most
 * values are new, and Node's test of an IPv6 address alone takes longer than all of this.
 *
 * @returns undefined for what is no address, such as one with a port, a zone, a prefix length or leading zeros
 */
export function networkOf(source: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > longestAddress) return undefined;
  const third = afterThirdOctet(source, start, end);
  if (third !== undefined) return `${Buffer.from(source.subarray(start, third)).toString('latin1')}0`;
  const groups = groupsOf(source, start, end);
  if (groups === undefined) return undefined;
  while (groups.at(-1) === 0) groups.pop();
  // The five groups of zeros behind them are the longest row of zeros, which RFC 5952 writes as "::".
  return `${groups.map((group) => group.toString(16)).join(':')}::`;
}

/** Of `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const longestAddress = 45;
const dot = 0x2e;
const colon = 0x3a;

/** The offset after the third dot of an IPv4 address. */
function afterThirdOctet(source: Uint8Array, start: number, end: number): number | undefined {
  let at = start;
  let third = start;
  for (let octet = 1; octet <= 4; octet++) {
    third = at;
    let value = 0;
    while (at < end && source[at]! >= 0x30 && source[at]! <= 0x39) {
      // A second digit behind a 0 is a leading zero.
      if (at > third && value === 0) return undefined;
      value = value * 10 + source[at]! - 0x30;
      at += 1;
    }
    if (at === third || value > 255) return undefined;
    if (octet === 4) break;
    if (at === end || source[at] !== dot) return undefined;
    at += 1;
  }
  return at === end ? third : undefined;
}

/** The first three of the eight groups of an IPv6 address. */
function groupsOf(source: Uint8Array, start: number, end: number): number[] | undefined {
  const groups: number[] = [];
  /** How many groups stand before `::`. */
  let gapAt = -1;
  let at = start;
  if (end - start > 1 && source[at] === colon && source[at + 1] === colon) {
    gapAt = 0;
    at += 2;
  }
  while (at < end) {
    const groupAt = at;
    let value = 0;
    for (; at < end && digits[source[at]!]! < 16; at++) value = value * 16 + digits[source[at]!]!;
    if (at < end && source[at] === dot) {
      if (afterThirdOctet(source, groupAt, end) === undefined) return undefined;
      groups.push(0, 0);
      break;
    }
    if (at === groupAt || at - groupAt > 4) return undefined;
    groups.push(value);
    if (at === end) break;
    if (source[at] !== colon || at + 1 === end) return undefined;
    at += 1;
    if (source[at] !== colon) continue;
    if (gapAt !== -1) return undefined;
    gapAt = groups.length;
    at += 1;
  }
  if (gapAt === -1) return groups.length === 8 ? groups.slice(0, 3) : undefined;
  if (groups.length > 7) return undefined;
  const zeros = Array.from({ length: 8 - groups.length }, () => 0);
  return groups.toSpliced(gapAt, 0, ...zeros).slice(0, 3);
}

/** The value of each hexadecimal digit; 16 for any other byte. */
const digits = new Uint8Array(256).fill(16);
for (let digit = 0; digit < 16; digit++) {
  digits[digit.toString(16).charCodeAt(0)] = digit;
  digits[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}
