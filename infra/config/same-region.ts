import type { CheckedPart } from './problems.ts';

/** Refuses a secret of another region: Firehose takes no other, and the function's endpoint is the region's. */
export function sameRegion(arn: string, region: string | undefined, { path, problems }: CheckedPart): void {
  if (!arn.startsWith('arn:') || region === undefined) return;
  const [, partition, , itsRegion] = arn.split(':');
  if (partition !== partitionOf(region)) {
    problems.add(
      path,
      `is in the partition ${partition}, and ${region} in ${partitionOf(region)}; give one in ${partitionOf(region)}`,
    );
  } else if (itsRegion !== '' && itsRegion !== region) {
    problems.add(path, `is in ${itsRegion}, and the stage in ${region}; give one in ${region}`);
  }
}

/** @see AWS General Reference, "AWS partitions" */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  const isolated = /^(us|eu)-(iso[a-z]?)-/.exec(region)?.[2];
  return isolated === undefined ? 'aws' : `aws-${isolated.replace(/^iso(?=[a-z])/, 'iso-')}`;
}
