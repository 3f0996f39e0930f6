import { isIPv6 } from 'node:net';

/**
 * The network of an address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address, and zeros. It is
 * written as an address, so that a SIEM's field for addresses takes it.
 *
 * @returns undefined for what is no address, such as one with a port, a zone, a prefix length or leading zeros
 */
export function networkOf(text: string): string | undefined {
  const v4 = ipv4.exec(text);
  if (v4 !== null) return `${v4[1]}.0`;
  if (text.length > longestAddress || !isIPv6(text) || text.includes('%')) return undefined;
  const groups = firstGroups(text);
  while (groups.at(-1) === '0') groups.pop();
  // The five groups of zeros behind them are the longest row of zeros, which RFC 5952 writes as "::".
  return `${groups.join(':')}::`;
}

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^(${octet}\\.${octet}\\.${octet})\\.${octet}$`);
/** Of `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const longestAddress = 45;

/** The first three of the eight groups, in lower case and without leading zeros. */
function firstGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].slice(0, 3);
}

/** An IPv4 address at the end stands for two groups, neither of which is among the first three. */
function groupsOf(text: string): string[] {
  if (text === '') return [];
  return text
    .split(':')
    .flatMap((group) => (group.includes('.') ? ['0', '0'] : Number.parseInt(group, 16).toString(16)));
}
