import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Lease, LeaseOutcome, State } from '../ports.ts';
import {
  endOf,
  knownSchema,
  metaKey,
  openKey,
  openKeys,
  recordKey,
  recordKeys,
  toMeta,
  toOpen,
  toRecord,
} from './stream-items.ts';
import { type Attributes, createStreamTable } from './stream-table.ts';

/**
 * One stream's metadata in the table.
 *
 * `META` is the stream's own item, `OPEN#<run>` a run that has not everything delivered, and
 * `RUN#<start>#<run>` the record of a run, the only item that a time to live (`expiresAt`) removes.
 */
export function createDynamoState(options: DynamoStateOptions): State {
  const { streamId, type, recordSeconds } = options;
  const table = createStreamTable(options);
  const readMeta = async () => toMeta(await table.read(metaKey), options);

  return {
    async acquireLease({ run, startedAt, now, until }) {
      const granted = await table.update(metaKey, {
        // The holder found is kept in the item: the client may repeat a write whose answer was lost, and the
        // second would otherwise find its own lease and hide a run that never ended.
        update:
          'SET lease = :lease, foundLease = if_not_exists(lease, :none), ' +
          'unended = if_not_exists(unended, :zero) + :one, #schema = if_not_exists(#schema, :schema), ' +
          '#type = if_not_exists(#type, :type), streamId = if_not_exists(streamId, :streamId)',
        condition:
          '(attribute_not_exists(lease) OR lease.#until <= :now) AND (attribute_not_exists(#schema) OR #schema <= :schema)',
        names: { '#schema': 'schema', '#type': 'type', '#until': 'until' },
        values: {
          ':lease': { run, startedAt, until },
          ':none': null,
          ':zero': 0,
          ':one': 1,
          ':schema': knownSchema,
          ':type': type,
          ':streamId': streamId,
          ':now': now,
        },
        returning: 'ALL_OLD',
      });
      if (granted === undefined) return leaseAsItStands(await table.read(metaKey), run, options);
      const meta = toMeta(granted.attributes, options);
      const neverEnded = meta?.lease === undefined ? 0 : Number(granted.attributes?.unended ?? 1);
      return { granted: true, meta, interrupted: meta?.lease, neverEnded };
    },

    readMeta,

    async open(open) {
      await table.add(openKey(open), open);
    },

    async recordDone(run, destination, number) {
      await table.update(openKey(run), {
        update: 'SET done.#destination = :number',
        condition:
          'attribute_exists(#item) AND (attribute_not_exists(done.#destination) OR done.#destination < :number)',
        names: { '#item': 'item', '#destination': destination },
        values: { ':number': number },
      });
    },

    async seal(run, at, lastNumber) {
      await table.update(openKey(run), {
        update: 'SET sealAfter = :at, lastNumber = :last',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item' },
        values: { ':at': at, ':last': lastNumber },
      });
    },

    async countTry(run, destination, number) {
      const again = await table.update(openKey(run), {
        update: 'SET tries.#destination.#count = tries.#destination.#count + :one',
        condition: 'tries.#destination.#number = :number',
        names: { '#destination': destination, '#number': 'number', '#count': 'count' },
        values: { ':one': 1, ':number': number },
        returning: 'UPDATED_NEW',
      });
      if (again !== undefined) return countIn(again.attributes, destination);
      const first = await table.update(openKey(run), {
        update: 'SET tries.#destination = :first',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item', '#destination': destination },
        values: { ':first': { number, count: 1 } },
      });
      return first === undefined ? 0 : 1;
    },

    async clearTries(run, destination) {
      await table.update(openKey(run), {
        update: 'REMOVE tries.#destination',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item', '#destination': destination },
      });
    },

    async close(run) {
      await table.remove(openKey(run));
    },

    async listOpen() {
      return (await table.query(...openKeys)).map(toOpen);
    },

    async writeRecord(record) {
      const expiresAt = Math.floor(record.startedAt / 1_000) + recordSeconds;
      await table.add(recordKey(record), { ...record, expiresAt });
    },

    async readRecord(run) {
      const item = await table.read(recordKey(run));
      return item === undefined ? undefined : toRecord(item);
    },

    async listRecords({ from, to }) {
      return (await table.query(...recordKeys(from, to))).map(toRecord);
    },

    async endRun(end, { events, batches, sourceBytes }) {
      const written = await table.update(metaKey, {
        update:
          'SET lastEnd = :end REMOVE lease, foundLease, unended ADD events :events, batches :batches, sourceBytes :sourceBytes',
        condition: 'lease.run = :run',
        values: {
          ':end': endOf(end),
          ':run': end.run,
          ':events': events,
          ':batches': batches,
          ':sourceBytes': sourceBytes,
        },
      });
      // The client may have repeated a write that had succeeded.
      return written !== undefined || (await readMeta())?.lastEnd?.run === end.run;
    },

    async markAudited(at) {
      await table.update(metaKey, { update: 'SET auditedAt = :at', values: { ':at': at } });
    },

    async markCompared(until) {
      await table.update(metaKey, {
        update: 'SET comparedUntil = :until',
        condition: 'attribute_not_exists(comparedUntil) OR comparedUntil < :until',
        values: { ':until': until },
      });
    },

    async retire(retired) {
      const index = (await readMeta())?.retiring.findIndex((each) => each.streamId === retired) ?? -1;
      if (index < 0) return;
      await table.update(metaKey, {
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

/** Why the lease was not granted, or that it had been by a write of this run whose answer was lost. */
function leaseAsItStands(
  item: Attributes | undefined,
  run: string,
  options: DynamoStateOptions,
): LeaseOutcome {
  const meta = toMeta(item, options);
  if (meta?.lease === undefined) {
    // It was freed between the two calls; the next tick will have it.
    return { granted: false, holder: { run: 'ended meanwhile', startedAt: 0, until: 0 } };
  }
  if (meta.lease.run !== run) return { granted: false, holder: meta.lease };
  const found = (item?.foundLease as Lease | null) ?? undefined;
  // Its own write has counted it already.
  const neverEnded = found === undefined ? 0 : Math.max(1, Number(item?.unended ?? 0) - 1);
  return { granted: true, meta: { ...meta, lease: found }, interrupted: found, neverEnded };
}

function countIn(attributes: Attributes | undefined, destination: string): number {
  const tries = attributes?.tries as Readonly<Record<string, { readonly count: number }>> | undefined;
  return tries?.[destination]?.count ?? 0;
}
