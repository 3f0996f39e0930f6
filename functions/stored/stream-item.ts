/** The table's partition key: the stream's stable name, or that of all items of kept delivery streams. */
export const partitionKey = 'stream';
/** The table's sort key: `META`, `OPEN#<run>`, `RUN#<start>#<run>` or `KEPT#<stream>/<destination>/<mark>`. */
export const sortKey = 'item';
/** The attribute by which DynamoDB deletes an item, in seconds since the epoch. Nothing but display may hang on it. */
export const expiryAttribute = 'expiresAt';

/** An item, or attributes of one, in plain values. */
export type StreamItem = Readonly<Record<string, unknown>>;

/** The key of an item, in plain values. */
export function itemKey(streamName: string, item: string): StreamItem {
  return { [partitionKey]: streamName, [sortKey]: item };
}

/** One conditional write, in DynamoDB's expressions and plain values. */
export interface ItemChange {
  readonly update: string;
  /** Nothing is written where it does not hold. */
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
  readonly returning?: 'ALL_OLD' | 'UPDATED_NEW';
}

/** Which items a scan of the whole table finds, in DynamoDB's expressions and plain values. */
export interface ItemFilter {
  readonly filter: string;
  /** The attributes that are wanted; absent for all. */
  readonly projection?: string;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

/** A change with this condition writes nothing where the item is missing. */
export const itemExists = 'attribute_exists(#item)';
/** A change with this condition writes nothing where the item exists. */
export const itemIsMissing = 'attribute_not_exists(#item)';
/** The name that both conditions use. */
export const itemName = { '#item': sortKey };
