/**
 * A value of a template as JSON, in which whatever the deploy fills in stands as a text of the length that it can have.
 * A value that the deploy makes of a text, such as a dashboard's body, is that text.
 */
export function filledIn(value: unknown): string {
  const filled = fill(value);
  return typeof filled === 'string' ? filled : JSON.stringify(filled);
}

function fill(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== 'object' || value === null) return value;
  const [[key, inner] = [], ...others] = Object.entries(value);
  if (others.length === 0 && key === 'Ref') return 'x'.repeat(lengths[inner as string] ?? longestName);
  if (others.length === 0 && key === 'Fn::Join') return join(inner as readonly [string, readonly unknown[]]);
  if (others.length === 0 && key === 'Fn::GetAtt' && isNameEnd(inner)) return 'x'.repeat(nameEnd);
  if (others.length === 0 && key?.startsWith('Fn::')) return 'x'.repeat(lengths[key]!);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fill(each)]));
}

function join([separator, parts]: readonly [string, readonly unknown[]]): string {
  return parts.map((part) => String(fill(part))).join(separator);
}

/** True of the attributes by which a `Custom::Delivery` ends names. */
function isNameEnd(inner: unknown): boolean {
  const [, attribute] = inner as readonly [string, string];
  return attribute === 'DeliveryStream' || attribute === 'Copier';
}

const nameEnd = 8;
/** The most characters in the name of a role, function, queue or delivery stream. */
const longestName = 80;
const longestArn = 'arn:aws:firehose:ap-southeast-1:111122223333:deliverystream/'.length + 64;
const lengths: Readonly<Record<string, number>> = {
  'AWS::AccountId': 12,
  'AWS::Partition': 3,
  'AWS::Region': 14,
  'AWS::StackName': 29,
  'AWS::URLSuffix': 13,
  'Fn::GetAtt': longestArn,
  'Fn::Select': 8,
};
