import { isDeepStrictEqual } from 'node:util';
import type { Change, Resource } from './change.ts';
import { meanings } from './explain.ts';
import { isResolvedSame } from './same-name.ts';

/** The resources of a template and of the stacks within it. A key is the logical id, after that of the inner stack. */
export type Resources = Readonly<Record<string, Resource>>;

/** Finds what a deploy of the second template does to a stack of the first one, as CloudFormation would. */
export function compareTemplates(before: Resources, after: Resources): readonly Change[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  // For a resource that the stack has, such a resource answers the name that it has: only the expression is new.
  const naming = ids.filter((id) => after[id]?.Type === 'Custom::Delivery' && before[id] === undefined);
  return ids.flatMap((id) => changesOf(id, { before: before[id], after: after[id], naming }));
}

interface Compared {
  readonly before: Resource | undefined;
  readonly after: Resource | undefined;
  readonly naming: readonly string[];
}

function changesOf(id: string, { before, after, naming }: Compared): readonly Change[] {
  if (before !== undefined && after !== undefined && before.Type !== after.Type) {
    const [removed, added] = [
      { before, after: undefined, naming },
      { before: undefined, after, naming },
    ];
    return [...changesOf(id, removed), ...changesOf(id, added)];
  }
  const one = after ?? before!;
  const common = {
    type: one.Type,
    name: nameOf(id, one),
    within: placeOf(id, one),
    properties: [],
    kept: false,
  };
  if (before === undefined) return [{ ...common, action: 'added', after: one }];
  if (after === undefined) {
    return [{ ...common, action: 'removed', before, kept: isKept(before.DeletionPolicy) }];
  }
  const properties = differing(before, after).filter(
    (name) => !(nameProperties.includes(name) && isSameName(name, { before, after, naming })),
  );
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

/** True if both are one name once they are resolved, or if such a resource ends the name, and the rest is the beginning of before. */
function isSameName(name: string, { before, after, naming }: Compared): boolean {
  const [was, is] = [before?.Properties?.[name], after?.Properties?.[name]];
  if (isResolvedSame(was, is)) return true;
  const text = JSON.stringify(is ?? null);
  const named = naming.some((id) => text.includes(`"Fn::GetAtt":["${id}",`));
  return named && beginningOf(was).startsWith(beginningOf(is));
}

/** The text before the first part that only a deploy knows. */
function beginningOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join } = Object(value) as {
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  const [first] = join?.[1] ?? [];
  return typeof first === 'string' ? first : '';
}

function isKept(policy: string | undefined): boolean {
  return policy !== undefined && policy !== 'Delete';
}

/** The resource's own name, or else its place in the app, or else its logical id. */
export function nameOf(id: string, resource: Resource): string {
  const own = nameProperties
    .map((name) => resource.Properties?.[name])
    .find((name) => typeof name === 'string');
  return (
    own ??
    placeOf(id, resource).replace(/^(.*?)\/?(\w+)\.?NestedStack[/.]?\w*NestedStackResource$/, nestedName)
  );
}

/** The CDK calls a stack within a stack by its construct's name twice. */
function nestedName(_: string, above: string, own: string): string {
  return above === '' ? own : `${above}/${own}`;
}

/** The resource's path in the app, without the stack's part and the end that says nothing, or else its logical id. */
export function placeOf(id: string, { Metadata = {} }: Resource): string {
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
