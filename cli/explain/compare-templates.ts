import { isDeepStrictEqual } from 'node:util';
import type { Change, Resource } from './change.ts';
import { meanings } from './explain.ts';

/** The resources of a template and of the stacks within it. A key is the logical id, after that of the inner stack. */
export type Resources = Readonly<Record<string, Resource>>;

/** Finds what a deploy of the second template does to a stack of the first one, as CloudFormation would. */
export function compareTemplates(before: Resources, after: Resources): readonly Change[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids.flatMap((id) => changesOf(id, before[id], after[id]));
}

function changesOf(id: string, before: Resource | undefined, after: Resource | undefined): readonly Change[] {
  if (before !== undefined && after !== undefined && before.Type !== after.Type) {
    return [...changesOf(id, before, undefined), ...changesOf(id, undefined, after)];
  }
  const one = after ?? before!;
  const common = { type: one.Type, name: nameOf(id, one), properties: [], kept: false };
  if (before === undefined) return [{ ...common, action: 'added', after: one }];
  if (after === undefined) {
    return [{ ...common, action: 'removed', before, kept: isKept(before.DeletionPolicy) }];
  }
  const properties = differing(before, after);
  if (properties.length === 0) return [];
  const replaced = properties.some((name) => meanings[one.Type]?.replacedBy.includes(name));
  const kept = isKept(after.UpdateReplacePolicy);
  return [{ ...common, action: replaced ? 'replaced' : 'changed', properties, kept, before, after }];
}

function differing(before: Resource, after: Resource): readonly string[] {
  const [was, is] = [before.Properties ?? {}, after.Properties ?? {}];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
  const changed = names.filter((name) => !isDeepStrictEqual(was[name], is[name]));
  return before.DeletionPolicy === after.DeletionPolicy ? changed : [...changed, 'DeletionPolicy'];
}

function isKept(policy: string | undefined): boolean {
  return policy !== undefined && policy !== 'Delete';
}

/** The resource's own name, or else its place in the app, or else its logical id. */
export function nameOf(id: string, { Properties = {}, Metadata = {} }: Resource): string {
  const own = nameProperties.map((name) => Properties[name]).find((name) => typeof name === 'string');
  if (own !== undefined) return own;
  const path = Metadata['aws:cdk:path'];
  // The CDK ends a logical id with eight characters that tell nobody anything.
  if (typeof path !== 'string') return id.replace(/[0-9A-F]{8}$/, '');
  const [, ...parts] = path.split('/');
  return (/^(Resource|Default)$/.test(parts.at(-1) ?? '') ? parts.slice(0, -1) : parts).join('/');
}

const nameProperties = [
  'StreamName',
  'DeliveryStreamName',
  'AlarmName',
  'FunctionName',
  'RoleName',
  'TopicName',
  'DashboardName',
  'LogGroupName',
  'LogStreamName',
  'QueueName',
  'BucketName',
  'TableName',
  'Name',
];
