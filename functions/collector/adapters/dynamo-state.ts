import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Lease, LeaseOutcome, RunId, RunRecord, State } from '../ports.ts';
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
import { type Attributes, type Change, createStreamTable } from './stream-table.ts';

/**
 * One stream's metadata in the table.
 *
 * `META` is the stream's own item, `OPEN#<run>` a run that has not everything delivered, and
 * `RUN#<start>#<run>` the record of a run, the only item that a time to live (`expiresAt`) removes.
 */
export function createDynamoState(options: DynamoStateOptions): State {
  const { streamId, type, recordSeconds } = options;
  const table = createStreamTable(options);
  /** One write on an `OPEN` that exists. @returns false where it does not exist; else the condition is only-growing */
  const changeOpen = async (run: RunId, change: Change): Promise<boolean> => {
    const written = await table.update(openKey(run), {
      ...change,
      condition: ['attribute_exists(#item)', ...(change.condition ? [`(${change.condition})`] : [])].join(
        ' AND ',
      ),
      names: { '#item': 'item', ...change.names },
    });
    return written !== undefined || (await table.read(openKey(run))) !== undefined;
  };
  const readMeta = async () => toMeta(await table.read(metaKey), options);

  /** @param change is given where the stream stands in `META`, as `retiring[1]` */
  const changeRetiring = async (streamId: string, change: (place: string) => Change): Promise<void> => {
    const index = (await readMeta())?.retiring.findIndex((each) => each.streamId === streamId) ?? -1;
    if (index < 0) return;
    const { values, ...rest } = change(`retiring[${index}]`);
    await table.update(metaKey, {
      ...rest,
      condition: `retiring[${index}].streamId = :streamId`,
      values: { ...values, ':streamId': streamId },
    });
  };
  const addRecord = async (record: RunRecord): Promise<void> => {
    const expiresAt = Math.floor(record.startedAt / 1_000) + recordSeconds;
    await table.add(recordKey(record), { ...record, expiresAt });
  };

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
      return changeOpen(run, {
        update: 'SET done.#destination = :number REMOVE tries.#destination',
        condition: 'attribute_not_exists(done.#destination) OR done.#destination <= :number',
        names: { '#destination': destination },
        values: { ':number': number },
      });
    },

    async recordLost(run, destination, number, lost) {
      return changeOpen(run, {
        update: 'SET done.#destination = :number REMOVE tries.#destination ADD lost :lost',
        condition: 'attribute_not_exists(done.#destination) OR done.#destination < :number',
        names: { '#destination': destination },
        values: { ':number': number, ':lost': lost },
      });
    },

    async recordBatches(run, lastNumber) {
      return changeOpen(run, {
        update: 'SET lastNumber = :last, #counted = if_not_exists(#counted, :no)',
        condition: 'attribute_not_exists(lastNumber) OR lastNumber <= :last',
        names: { '#counted': 'counted' },
        values: { ':last': lastNumber, ':no': false },
      });
    },

    async seal(run, at, lastNumber) {
      return changeOpen(run, {
        update: 'SET sealAfter = :at, lastNumber = :last, #counted = :yes',
        names: { '#counted': 'counted' },
        values: { ':at': at, ':last': lastNumber, ':yes': true },
      });
    },

    async countBatches(run, lastNumber) {
      await changeOpen(run, {
        update: 'SET lastNumber = :last, #counted = :yes',
        condition: 'attribute_not_exists(lastNumber) OR lastNumber <= :last',
        names: { '#counted': 'counted' },
        values: { ':last': lastNumber, ':yes': true },
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

    writeRecord: addRecord,

    async completeRecord(record) {
      const completed = await table.update(recordKey(record), {
        update: 'SET complete = :yes, lost = :lost',
        condition: 'attribute_exists(#item)',
        names: { '#item': 'item' },
        values: { ':yes': true, ':lost': record.lost },
      });
      if (completed === undefined) await addRecord({ ...record, complete: true });
    },

    async readRecord(run) {
      const item = await table.read(recordKey(run));
      return item === undefined ? undefined : toRecord(item);
    },

    async listRecords({ from, to }) {
      return (await table.query(...recordKeys(from, to))).map(toRecord);
    },

    async endRun(end, { events, batches, sourceBytes }, asking) {
      const written = await table.update(metaKey, {
        update:
          `SET lastEnd = :end${asking ? ', asking = :asking' : ''} ` +
          `REMOVE lease, foundLease, unended${asking ? '' : ', asking'} ` +
          'ADD events :events, batches :batches, sourceBytes :sourceBytes',
        condition: 'lease.run = :run',
        values: {
          ...(asking ? { ':asking': asking } : {}),
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

    async beginAudit(audit) {
      const begun = await table.update(metaKey, {
        update: 'SET auditing = :audit',
        values: { ':audit': audit },
        returning: 'ALL_OLD',
      });
      return begun?.attributes?.auditedAt as number | undefined;
    },

    async endAudit(audit, at) {
      const ended = await table.update(metaKey, {
        update: 'SET auditedAt = :at, auditing = :none',
        condition: 'auditing = :audit',
        values: { ':at': at, ':audit': audit, ':none': null },
      });
      return ended !== undefined || (await readMeta())?.auditedAt === at;
    },

    async markCompared(until) {
      await table.update(metaKey, {
        update: 'SET comparedUntil = :until',
        condition: 'attribute_not_exists(comparedUntil) OR comparedUntil < :until',
        values: { ':until': until },
      });
    },

    async markEmpty(streamId, since) {
      await changeRetiring(streamId, (place) => ({
        update: since === undefined ? `REMOVE ${place}.emptySince` : `SET ${place}.emptySince = :since`,
        ...(since === undefined ? {} : { values: { ':since': since } }),
      }));
    },

    async retire(streamId) {
      await changeRetiring(streamId, (place) => ({ update: `REMOVE ${place}` }));
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
