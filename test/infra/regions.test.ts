import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, test } from 'vitest';
import { regions } from '../../infra/config/regions.ts';

test('the regions that settings may name are those of the partition aws that the CDK knows', () => {
  const known = RegionInfo.regions.filter(({ partition }) => partition === 'aws').map(({ name }) => name);

  expect(regions.toSorted()).toEqual(known.toSorted());
});
