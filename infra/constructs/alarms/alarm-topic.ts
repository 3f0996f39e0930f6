import { ArnFormat, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import type { RelayKey } from '../relay-key.ts';

export interface AlarmTopicProps {
  readonly stage: Stage;
  readonly key: RelayKey;
}

/** Where the alarms of a stage are told, to whoever subscribes: those in the settings, and any that are added later. */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, { stage, key }: AlarmTopicProps) {
    super(scope, id);
    const stackName = stackNameOf(stage.name);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${stackName}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const ofThisStage = {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': alarms },
    };
    this.topic = new sns.Topic(this, 'Topic', {
      topicName: `${stackName}-alarms`,
      displayName: `Mosaic relay ${stage.name}`,
      // An AWS-managed key would refuse CloudWatch, so that the choice is between the stage's own key and none.
      masterKey: key.key,
      enforceSSL: true,
    });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsTell',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ofThisStage,
      }),
    );
    // @see CloudWatch user guide, "Notifying users on alarm changes", on topics that are encrypted
    key.key?.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsTell',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'],
        conditions: ofThisStage,
      }),
    );
    for (const { protocol, endpoint } of stage.alarms.subscriptions) {
      new sns.CfnSubscription(this, `${protocol} ${endpoint}`, {
        topicArn: this.topic.topicArn,
        protocol,
        endpoint,
      });
    }
    new CfnOutput(this, 'TopicArn', { value: this.topic.topicArn });
  }
}
