import { z } from 'zod/mini';
import { type AlarmActions, actionProperties, describeIssues, readActions } from './alarm-definition.ts';
import { type AlarmRule, readAlarmRule } from './alarm-rule.ts';

/** A composite alarm, as the template declares it. */
export interface CompositeDefinition extends AlarmActions {
  readonly name: string;
  readonly description: string;
  readonly rule: AlarmRule;
}

/**
 * Reads the resolved properties of an `AWS::CloudWatch::CompositeAlarm`.
 *
 * @throws naming what is not known here, such as suppressors
 */
export function readComposite(physicalName: string, given: object): CompositeDefinition {
  const parsed = compositeProperties.safeParse(given);
  if (!parsed.success) throw new Error(`alarm ${physicalName}: ${describeIssues(parsed.error)}`);
  const { AlarmRule: text, AlarmDescription: description = '' } = parsed.data;
  try {
    return { name: physicalName, description, rule: readAlarmRule(text), ...readActions(parsed.data) };
  } catch (error) {
    throw new Error(`alarm ${physicalName}: ${(error as Error).message}`);
  }
}

const compositeProperties = z.strictObject({
  ...actionProperties,
  AlarmRule: z.string().check(z.maxLength(10_240)),
});
