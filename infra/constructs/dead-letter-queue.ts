import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RelayKey } from './relay-key.ts';

/**
 * Where a tick goes that reached no run: what Scheduler could not hand over, and what Lambda gave up. A tick carries
 * no event, and the next one does its work; the queue is there so that somebody can see it.
 */
export class DeadLetterQueue extends Construct {
  readonly queue: sqs.Queue;
  private readonly key: RelayKey;

  constructor(scope: Construct, id: string, props: { readonly key: RelayKey }) {
    super(scope, id);
    this.key = props.key;
    this.queue = new sqs.Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      encryption: props.key.key === undefined ? sqs.QueueEncryption.SQS_MANAGED : sqs.QueueEncryption.KMS,
      encryptionMasterKey: props.key.key,
    });
  }

  /** What a role needs to send to it. */
  send(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
      ...this.key.use('sqs'),
    ];
  }
}
