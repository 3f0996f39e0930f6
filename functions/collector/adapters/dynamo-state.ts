import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, type NativeAttributeValue, unmarshall } from '@aws-sdk/util-dynamodb';
import { RelayError } from '../../relay-error.ts';
import type { Lease, LeaseOutcome, Meta, OpenRun, RunEnd, RunId, RunRecord, State } from '../ports.ts';

/**
 * One stream's metadata in the table: partition key `stream`, sort key `item`.
 *
 * `META` is the stream's own item, `OPEN#<run>` a run that has not everything delivered, and
 * `RUN#<start>#<run>` the record of a run, the only item that a time to live (`expiresAt`) removes.
 */
export function createDynamoState(options: DynamoStateOptions): State {
  const { client, tableName: TableName, streamName, streamId, type, recordSeconds } = options;
  const keyOf = (item: string) => marshall({ stream: streamName, item });
  const read = async (item: string): Promise<Record<string, unknown> | undefined> => {
    const answer = await client.send(
      new GetItemCommand({ TableName, Key: keyOf(item), ConsistentRead: true }),
    );
    return answer.Item === undefined ? undefined : unmarshall(answer.Item);
  };
  const put = (item: string, attributes: object) =>
    whenTrue(
      client.send(
        new PutItemCommand({
          TableName,
          Item: marshall({ stream: streamName, item, ...attributes }, { removeUndefinedValues: true }),
          ConditionExpression: 'attribute_not_exists(#item)',
          ExpressionAttributeNames: { '#item': 'item' },
        }),
      ),
    );
  const update = (item: string, change: Change) =>
    whenTrue(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf(item),
          UpdateExpression: change.update,
          ConditionExpression: change.condition,
          ExpressionAttributeNames: change.names,
          ExpressionAttributeValues:
            change.values && marshall(change.values, { removeUndefinedValues: true }),
          ReturnValues: change.returning,
        }),
      ),
    );
  const query = async (from: string, to: string): Promise<Record<string, unknown>[]> => {
    const items: Record<string, unknown>[] = [];
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#stream = :stream AND #item BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
          ExpressionAttributeValues: marshall({ ':stream': streamName, ':from': from, ':to': to }),
          ExclusiveStartKey,
        }),
      );
      for (const item of page.Items ?? []) items.push(unmarshall(item));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  };

  return {
    async acquireLease({ run, startedAt, now, until }) {
      const granted = await update('META', {
        // The holder found is kept in the item: the client may repeat a write whose answer was lost, and the
        // second would otherwise find its own lease and hide a run that never ended.
        update:
          'SET lease = :lease, foundLease = if_not_exists(lease, :none), #schema = if_not_exists(#schema, :schema), ' +
          '#type = if_not_exists(#type, :type), streamId = if_not_exists(streamId, :streamId)',
        condition:
          '(attribute_not_exists(lease) OR lease.#until <= :now) AND (attribute_not_exists(#schema) OR #schema <= :schema)',
        names: { '#schema': 'schema', '#type': 'type', '#until': 'until' },
        values: {
          ':lease': { run, startedAt, until },
          ':none': null,
          ':schema': knownSchema,
          ':type': type,
          ':streamId': streamId,
          ':now': now,
        },
        returning: 'ALL_OLD',
      });
      if (granted !== undefined) {
        const old = granted.Attributes === undefined ? undefined : unmarshall(granted.Attributes);
        return { granted: true, meta: toMeta(old, options), interrupted: old?.lease as Lease | undefined };
      }
      return leaseOfAnother(await read('META'), run, options);
    },

    async readMeta() {
      return toMeta(await read('META'), options);
    },

    async open(open) {
      await put(openKey(open), open);
    },

    async recordDone(run, destination, number) {
      await update(openKey(run), {
        update: 'SET done.#destination = :number',
        condition:
          'attribute_exists(#item) AND (attribute_not_exists(done.#destination) OR done.#destination < :number)',
        names: { '#item': 'item', '#destination': destination },
        values: { ':number': number },
      });
    },

    async seal(run, at) {
      await update(openKey(run), {
        update: 'SET sealAfter = :at',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item' },
        values: { ':at': at },
      });
    },

    async countTry(run, destination, number) {
      const names = { '#item': 'item', '#destination': destination, '#number': 'number', '#count': 'count' };
      const again = await update(openKey(run), {
        update: 'SET tries.#destination.#count = tries.#destination.#count + :one',
        condition: 'attribute_exists(#item) AND tries.#destination.#number = :number',
        names,
        values: { ':one': 1, ':number': number },
        returning: 'UPDATED_NEW',
      });
      if (again !== undefined) return triesIn(unmarshall(again.Attributes ?? {}), destination);
      const first = await update(openKey(run), {
        update: 'SET tries.#destination = :first',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item', '#destination': destination },
        values: { ':first': { number, count: 1 } },
      });
      return first === undefined ? 0 : 1;
    },

    async clearTries(run, destination) {
      await update(openKey(run), {
        update: 'REMOVE tries.#destination',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item', '#destination': destination },
      });
    },

    async close(run) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(openKey(run)) }));
    },

    async listOpen() {
      return (await query('OPEN#', 'OPEN#~')).map(
        ({ stream: _, item: __, ...open }) => open as unknown as OpenRun,
      );
    },

    async writeRecord(record) {
      const expiresAt = Math.floor(record.startedAt / 1_000) + recordSeconds;
      await put(recordKey(record), { ...record, expiresAt });
    },

    async readRecord(run) {
      const item = await read(recordKey(run));
      return item === undefined ? undefined : toRecord(item);
    },

    async listRecords({ from, to }) {
      // `!` sorts before `#`, so a run that starts at `to` is left out.
      const items = await query(`RUN#${isoTime(from)}`, `RUN#${isoTime(to)}!`);
      return items.map(toRecord);
    },

    async endRun(end, { events, batches, sourceBytes }) {
      const written = await update('META', {
        update:
          'SET lastEnd = :end REMOVE lease, foundLease ADD events :events, batches :batches, sourceBytes :sourceBytes',
        condition: 'lease.run = :run',
        values: {
          ':end': endOf(end),
          ':run': end.run,
          ':events': events,
          ':batches': batches,
          ':sourceBytes': sourceBytes,
        },
      });
      if (written !== undefined) return true;
      // The client may have repeated a write that had succeeded.
      return (await this.readMeta())?.lastEnd?.run === end.run;
    },

    async markAudited(at) {
      await update('META', { update: 'SET auditedAt = :at', values: { ':at': at } });
    },

    async retire(retired) {
      const retiring = (await this.readMeta())?.retiring ?? [];
      const index = retiring.findIndex((each) => each.streamId === retired);
      if (index < 0) return;
      await update('META', {
        update: `REMOVE retiring[${index}]`,
        condition: `retiring[${index}].streamId = :retired`,
        values: { ':retired': retired },
      });
    },
  };
}

export interface DynamoStateOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The stream's stable name here, the partition key. */
  readonly streamName: string;
  /** Mosaic's id and type, for a table in which nobody has written the stream yet. */
  readonly streamId: string;
  readonly type: string;
  /** How long a `RUN#` item is kept, counted from the run's start. */
  readonly recordSeconds: number;
}

/** The version of the items' shape that this code writes. */
const knownSchema = 1;

interface Change {
  readonly update: string;
  readonly condition?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, NativeAttributeValue>;
  readonly returning?: 'ALL_OLD' | 'UPDATED_NEW';
}

/** Undefined when the condition did not hold. */
async function whenTrue<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** Why the lease was not granted, or that it had been by a write of this run whose answer was lost. */
function leaseOfAnother(
  item: Record<string, unknown> | undefined,
  run: string,
  options: DynamoStateOptions,
): LeaseOutcome {
  const meta = toMeta(item, options);
  if (meta?.lease === undefined) {
    // It was freed between the two calls; the next tick will have it.
    return { granted: false, holder: { run: 'ended meanwhile', startedAt: 0, until: 0 } };
  }
  if (meta.lease.run !== run) return { granted: false, holder: meta.lease };
  const found = item?.foundLease as Lease | null | undefined;
  return { granted: true, meta: { ...meta, lease: found ?? undefined }, interrupted: found ?? undefined };
}

function toMeta(item: Record<string, unknown> | undefined, options: DynamoStateOptions): Meta | undefined {
  if (item === undefined) return undefined;
  const schema = Number(item.schema ?? knownSchema);
  if (schema > knownSchema) {
    throw new RelayError(
      'TableFromNewerVersion',
      `Stream ${options.streamName} in table ${options.tableName} has schema ${schema}, and this version knows ` +
        `${knownSchema}. Nothing was collected; deploy the newer version again.`,
      { facts: { schema } },
    );
  }
  return {
    type: String(item.type ?? options.type),
    streamId: String(item.streamId ?? options.streamId),
    schema,
    lease: item.lease as Lease | undefined,
    lastEnd: item.lastEnd as RunEnd | undefined,
    totals: {
      events: Number(item.events ?? 0),
      batches: Number(item.batches ?? 0),
      sourceBytes: Number(item.sourceBytes ?? 0),
    },
    auditedAt: item.auditedAt as number | undefined,
    retiring: (item.retiring ?? []) as Meta['retiring'],
  };
}

function toRecord(item: Record<string, unknown>): RunRecord {
  const { stream: _, item: __, expiresAt: ___, ...record } = item;
  return record as unknown as RunRecord;
}

/** Only what a `RunEnd` holds, so that `META` stays small: a caller may pass a whole record. */
function endOf({
  run,
  startedAt,
  endedAt,
  outcome,
  code,
  lastNumber,
  caution,
  newestEventAt,
}: RunEnd): RunEnd {
  return { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt };
}

function triesIn(item: Record<string, unknown>, destination: string): number {
  const tries = item.tries as Record<string, { count: number }> | undefined;
  return tries?.[destination]?.count ?? 0;
}

function openKey({ run }: RunId): string {
  return `OPEN#${run}`;
}

function recordKey({ run, startedAt }: RunId): string {
  return `RUN#${isoTime(startedAt)}#${run}`;
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
