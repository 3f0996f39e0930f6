import { expect, test } from 'vitest';
import { ownedStreams } from '../../../cli/access/owned-streams.ts';

test('a stream of the settings and its witness are owned, and no other is', async () => {
  const { ids, writtenIn } = await ownedStreams(undefined);

  expect(ids).toContain('relay-cis');
  expect(ids).toContain('relay-cis-witness');
  expect(ids).not.toContain('relay-trial');
  expect(writtenIn).toBe('infra/config/stages.ts');
});
