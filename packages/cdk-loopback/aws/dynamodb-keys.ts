/** Names of a table's key attributes, the partition key first. */
export type KeyNames = readonly string[];

type Input = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, unknown>>;

/** The key of the one item that a call is about, where it says so. */
export function itemKey(input: Input, keys: KeyNames): Attributes | undefined {
  if (input.Key) return input.Key as Attributes;
  const item = input.Item as Attributes | undefined;
  return item && Object.fromEntries(keys.map((name) => [name, item[name]]));
}

/**
 * The partition key's value that a call is limited to, which is IAM's `dynamodb:LeadingKeys`.
 *
 * @returns undefined where it is limited to none, as a scan is, or reads an index, whose keys are others
 * @throws where a call is about several
 */
export function leadingKey(input: Input, keys: KeyNames): string | undefined {
  const [partition] = keys;
  if (!partition || input.IndexName !== undefined) return undefined;
  if (input.KeyConditionExpression !== undefined) return queriedKey(input, partition);
  const found = batchedKeys(input, keys) ?? [itemKey(input, keys)];
  const values = new Set(found.map((key) => scalar(key?.[partition])));
  if (values.size > 1)
    throw new Error('A batch over several partition keys is not known to the local DynamoDB.');
  return [...values][0];
}

/** `stream = :s`, either side perhaps under an alias. */
function queriedKey(input: Input, partition: string): string | undefined {
  const names = (input.ExpressionAttributeNames ?? {}) as Readonly<Record<string, string>>;
  const values = (input.ExpressionAttributeValues ?? {}) as Attributes;
  for (const [, name, value] of String(input.KeyConditionExpression).matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g)) {
    if ((names[name!] ?? name) === partition) return scalar(values[value!]);
  }
  return undefined;
}

interface TableRequests {
  readonly Keys?: readonly Attributes[];
  readonly [index: number]: {
    readonly PutRequest?: { readonly Item: Attributes };
    readonly DeleteRequest?: { readonly Key: Attributes };
  };
}

function batchedKeys(input: Input, keys: KeyNames): readonly (Attributes | undefined)[] | undefined {
  const [requests] = Object.values((input.RequestItems ?? {}) as Readonly<Record<string, TableRequests>>);
  if (!requests) return undefined;
  if (requests.Keys) return requests.Keys;
  return Object.values(requests).map((request) =>
    itemKey({ Key: request.DeleteRequest?.Key, Item: request.PutRequest?.Item }, keys),
  );
}

/** `{"S": "x"}` → `x`. */
function scalar(value: unknown): string | undefined {
  const { S, N, B } = (value ?? {}) as { readonly S?: string; readonly N?: string; readonly B?: string };
  return S ?? N ?? B;
}
