import fc from 'fast-check';

/** Names as a key may hold them: anything without a slash, and above all what looks like a part of a key. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/),
  fc.constantFrom(
    ...[
      '2024',
      '0004',
      '000007',
      '2024-eu',
      '2026-03-02',
      'marks',
      'parts',
      'everything',
      'probe',
      'journal',
    ],
    ...[
      'to-splunk',
      '_to-splunk',
      '_event-0004',
      'a_to-b',
      'x.json',
      'x.json.gz',
      'recovered-2026030112-a',
      '..',
    ],
  ),
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).map((text) => text.replaceAll('/', '-')),
);

export const anyDay: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 60_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));

export const anyNumber: fc.Arbitrary<number> = fc.integer({ min: 1, max: 20_000_000 });

export const anyEncoding = fc.constantFrom('identity' as const, 'gzip' as const, 'zstd' as const);
