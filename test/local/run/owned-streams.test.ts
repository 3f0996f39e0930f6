import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ownedStreamIds } from '../../../local/run/owned-streams.ts';

test('a stream of the settings and its witness are owned, and no other is', async () => {
  const owned = await ownedStreamIds(resolve(import.meta.dirname, '../../..'));

  expect(owned).toContain('relay-cis');
  expect(owned).toContain('relay-cis-witness');
  expect(owned).not.toContain('relay-trial');
});
