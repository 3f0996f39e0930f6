import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IConstruct } from 'constructs';
import type { TemplateResource } from '../config/cost-at-rest.ts';

/**
 * The resources of an app so far, as its templates will have them, with the properties that their cost depends on.
 * The dashboard shows the cost before a template is written. A test compares both ways.
 */
export function billedResources(app: IConstruct): readonly TemplateResource[] {
  return app.node
    .findAll()
    .filter((each) => CfnResource.isCfnResource(each))
    .map((each) => {
      const stack = Stack.of(each);
      return {
        id: stack.resolve(each.logicalId),
        Type: each.cfnResourceType,
        Properties: stack.resolve(propertiesOf(each)),
      };
    });
}

function propertiesOf(resource: CfnResource): object {
  if (resource instanceof CfnAlarm) {
    const metrics = resource.metrics as readonly CfnAlarm.MetricDataQueryProperty[] | undefined;
    return { AlarmName: resource.alarmName, Period: resource.period, Metrics: metrics?.map(analysed) };
  }
  if (resource instanceof CfnFunction) return { MemorySize: resource.memorySize };
  if (resource instanceof CfnSchedule) {
    const { arn, input } = resource.target as CfnSchedule.TargetProperty;
    return {
      Name: resource.name,
      ScheduleExpression: resource.scheduleExpression,
      Target: { Arn: arn, Input: input },
    };
  }
  return {};
}

/** A metric of an alarm; nothing of an expression. */
function analysed({ metricStat }: CfnAlarm.MetricDataQueryProperty): object {
  return metricStat === undefined
    ? {}
    : { MetricStat: { Period: (metricStat as CfnAlarm.MetricStatProperty).period } };
}
