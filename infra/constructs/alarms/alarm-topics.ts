import { ArnFormat, Aws, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Severity } from '../../config/alarm-names.ts';
import type { AlarmSubscription } from '../../config/alarm-settings.ts';
import { stackNameOf } from '../../config/names.ts';
import type { Stage } from '../../config/settings.ts';
import type { RelayKey } from '../relay-key.ts';

export interface AlarmTopicsProps {
  readonly stage: Stage;
  readonly key: RelayKey;
}

/** The topic of each severity. */
export type TopicOf = Readonly<Record<Severity, sns.ITopic>>;

/**
 * Where the alarms of a stage notify people: one topic for urgent alarms and one for those that can wait. Both have the
 * subscribers of the settings, and any that are added later.
 */
export class AlarmTopics extends Construct {
  readonly topics: TopicOf;

  constructor(scope: Construct, id: string, { stage, key }: AlarmTopicsProps) {
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
    const { subscriptions, urgent, waiting } = stage.alarms;
    // The first topic there was, which told everything, is the one for urgent alarms: a topic of another name would
    // lose the subscribers that were added by hand.
    const urgentTopic = topic(this, {
      name: `${stackName}-alarms`,
      title: `Mosaic relay ${stage.name}, urgent`,
      subscriptions: [...subscriptions, ...urgent],
    });
    const waitingTopic = topic(new Construct(this, 'Waiting'), {
      name: `${stackName}-alarms-waiting`,
      title: `Mosaic relay ${stage.name}, waiting`,
      subscriptions: [...subscriptions, ...waiting],
    });
    this.topics = { urgent: urgentTopic, waiting: waitingTopic };
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

    function topic(place: Construct, { name, title, subscriptions }: TopicFacts): sns.Topic {
      const made = new sns.Topic(place, 'Topic', {
        topicName: name,
        displayName: title,
        // An AWS-managed key would refuse CloudWatch, so that the choice is between the stage's own key and none.
        masterKey: key.key,
        enforceSSL: true,
      });
      made.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'AlarmsTell',
          principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
          actions: ['sns:Publish'],
          resources: [made.topicArn],
          conditions: ofThisStage,
        }),
      );
      for (const [subscription, { protocol, endpoint }] of distinct(subscriptions)) {
        new sns.CfnSubscription(place, subscription, { topicArn: made.topicArn, protocol, endpoint });
      }
      new CfnOutput(place, 'TopicArn', { value: made.topicArn });
      return made;
    }
  }
}

interface TopicFacts {
  readonly name: string;
  readonly title: string;
  readonly subscriptions: readonly AlarmSubscription[];
}

/** Each subscriber once, also where it is named for all alarms and for those of one severity. */
function distinct(subscriptions: readonly AlarmSubscription[]): ReadonlyMap<string, AlarmSubscription> {
  return new Map(subscriptions.map((each) => [`${each.protocol} ${each.endpoint}`, each]));
}
