import { CfnOutput } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { journalFolder } from '../../functions/stored/journal-key.ts';
import { quarantineFolder } from '../../functions/stored/quarantine-key.ts';
import { journalReaderNameOf } from '../config/names.ts';
import type { RelayBucket } from './relay-bucket.ts';
import type { RelayKey } from './relay-key.ts';

export interface JournalReaderProps {
  readonly stage: string;
  /** ARNs of the roles and users that may assume it. */
  readonly readers: readonly string[];
  readonly bucket: RelayBucket;
  readonly key: RelayKey;
}

/**
 * For people: reads the journal and the quarantine, which hold personal data, and may change nothing. Who took it on
 * and when stands in CloudTrail, and what was read in the bucket's access logs.
 */
export class JournalReader extends Construct {
  constructor(scope: Construct, id: string, props: JournalReaderProps) {
    super(scope, id);
    const { bucket, key } = props;
    const role = new iam.Role(this, 'Role', {
      roleName: journalReaderNameOf(props.stage),
      description: 'Reads raw events, which are personal data',
      assumedBy: new iam.CompositePrincipal(...props.readers.map((arn) => new iam.ArnPrincipal(arn))),
      inlinePolicies: {
        own: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['s3:ListBucket'],
              resources: [bucket.bucketArn],
              conditions: { StringLike: { 's3:prefix': [`${journalFolder}*`, `${quarantineFolder}*`] } },
            }),
            ...key.use('s3', 'read'),
          ],
        }),
      },
    });
    bucket.allowReader(role);
    new CfnOutput(this, 'RoleArn', {
      value: role.roleArn,
      description: 'Reads raw events, for those whom the settings name',
    });
  }
}
