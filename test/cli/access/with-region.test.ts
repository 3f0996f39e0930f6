import { expect, test } from 'vitest';
import { NoRegion } from '../../../cli/access/no-region.ts';
import { withRegion } from '../../../cli/access/open-relay.ts';
import { stages } from '../../../infra/config/stages.ts';

/** AWS's own configuration has no region: a call without one fails. */
function callWithoutAws() {
  const asked: (string | undefined)[] = [];
  const call = async (region: string | undefined) => {
    asked.push(region);
    if (region === undefined) throw new NoRegion('mosaic-relay-dev');
    return region;
  };
  return { asked, call };
}

test('where nothing else says a region, it is that of the stage in the nearest settings', async () => {
  const { asked, call } = callWithoutAws();
  expect(await withRegion({ stage: 'prod', told: undefined }, call)).toBe(stages.prod.region);
  expect(asked).toEqual([undefined, stages.prod.region]);
});

test('a region that was told is taken, and one of AWS before that of the settings', async () => {
  const { asked, call } = callWithoutAws();
  expect(await withRegion({ stage: 'dev', told: 'eu-north-1' }, call)).toBe('eu-north-1');
  expect(await withRegion({ stage: 'dev', told: undefined }, async () => 'of the profile')).toBe(
    'of the profile',
  );
  expect(asked).toEqual(['eu-north-1']);
});

test('a stage that the settings do not have is told to want a region', async () => {
  const { call } = callWithoutAws();
  await expect(withRegion({ stage: 'nope', told: undefined }, call)).rejects.toThrow(
    /no region is set; say --region/,
  );
});
