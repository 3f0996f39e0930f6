import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { RelayKey } from './relay-key.ts';

/**
 * The queue of ticks that reached no run: those that Scheduler could not hand over, and those that Lambda gave up.
 * A tick carries no event, and the next one does its work; the queue makes the lost tick visible.
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

  /** The statements that a role needs to send to the queue. */
  send(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
      ...this.key.use('sqs'),
    ];
  }
}
