import type { Deployment } from '../aws/cloudformation/deployment.ts';
import { type AlarmDefinition, readAlarm } from './alarm-definition.ts';
import { type AlarmEvaluator, createAlarmEvaluator } from './alarm-evaluator.ts';
import { type CompositeDefinition, readComposite } from './composite-definition.ts';
import type { MetricStore } from './metric-store.ts';

/** The alarms of a template over a store, none of them judged yet. @throws naming what is not known */
export function declaredAlarms(deployment: Deployment, store: MetricStore): DeclaredAlarms {
  const alarms = deployment
    .byType('AWS::CloudWatch::Alarm')
    .map(({ physicalId, properties }) => readAlarm(physicalId, properties));
  const composites = deployment
    .byType('AWS::CloudWatch::CompositeAlarm')
    .map(({ physicalId, properties }) => readComposite(physicalId, properties));
  return { alarms, composites, evaluator: createAlarmEvaluator({ store, alarms, composites }) };
}

export interface DeclaredAlarms {
  readonly alarms: readonly AlarmDefinition[];
  readonly composites: readonly CompositeDefinition[];
  readonly evaluator: AlarmEvaluator;
}
