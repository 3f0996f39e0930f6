import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkOf } from '../../../../functions/collector/views/network-of.ts';

const network = (text: string): string | undefined => {
  const source = Buffer.from(`"${text}"`);
  return networkOf(source, 1, source.length - 1);
};

test('a text has a network where Node takes it for an address without a zone', () => {
  const group = fc.constantFrom(
    '',
    '0',
    '1',
    'ff',
    'FFFF',
    '0a1',
    '12345',
    '1.2.3.4',
    '01.2.3.4',
    '256',
    'g',
    '%1',
  );
  const groups = fc
    .tuple(fc.array(group, { maxLength: 10 }), fc.constantFrom(':', '::', '.', ':'))
    .map(([parts, between]) => parts.join(between));
  const changed = fc
    .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(), fc.constantFrom('', ':', '.', '0', 'f', ' '))
    .map(([address, at, text]) => {
      const place = at % (address.length + 1);
      return address.slice(0, place) + text + address.slice(place + (at % 2));
    });
  fc.assert(
    fc.property(fc.oneof(groups, changed, fc.ipV4(), fc.ipV6()), (text) => {
      const isAddress = isIPv4(text) || (isIPv6(text) && !text.includes('%'));
      expect(network(text) !== undefined).toBe(isAddress);
    }),
    { numRuns: 20_000 },
  );
});

test('a gap of one group, a gap at an end, and an IPv4 tail keep the first three groups', () => {
  expect(
    ['1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1::8', '1:2::', 'ABCD:0ef:0:4:5:6:1.2.3.4', '::ffff:1.2.3.4'].map(
      network,
    ),
  ).toEqual(['1:2:3::', '0:2:3::', '1::', '1:2::', 'abcd:ef::', '::']);
});
