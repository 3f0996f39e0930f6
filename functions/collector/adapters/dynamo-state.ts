import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { metaChanges } from '../../stored/meta-changes.ts';
import {
  auditedBefore,
  leaseBeforeGrant,
  leaseFoundByGrant,
  metaKey,
  readMeta,
} from '../../stored/meta-item.ts';
import { openChanges, readTries } from '../../stored/open-changes.ts';
import { openKey, openKeys, readOpenRun, writeOpenRun } from '../../stored/open-item.ts';
import type { RunId } from '../../stored/run-id.ts';
import { completeRun, type RunRecord, readRun, runKey, runKeys, writeRun } from '../../stored/run-item.ts';
import type { ItemChange, StreamItem } from '../../stored/stream-item.ts';
import type { LateEvents } from '../protocol/ports/late-events.ts';
import type { LeaseOutcome } from '../protocol/ports/lease.ts';
import type { MetaItem } from '../protocol/ports/meta.ts';
import type { OpenRuns } from '../protocol/ports/open-runs.ts';
import type { RetiringStreams } from '../protocol/ports/retiring-streams.ts';
import type { RunRecords } from '../protocol/ports/run-records.ts';
import type { State } from '../protocol/ports/state.ts';
import type { Tries } from '../protocol/ports/tries.ts';
import { createStreamItems, type StreamItems } from './stream-items.ts';

/** Keeps one stream's metadata in the table. */
export function createDynamoState(options: DynamoStateOptions): State {
  const table = createStreamItems(options);
  return {
    meta: metaItem(table, options),
    retiring: retiringStreams(table, options),
    openRuns: openRuns(table),
    tries: tries(table),
    lateEvents: lateEvents(table),
    records: runRecords(table, options),
  };
}

export interface DynamoStateOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** The stream's stable name here, the partition key. */
  readonly streamName: string;
  /** Mosaic's id and type of the stream, used while the table has no item of the stream. */
  readonly streamId: string;
  readonly type: string;
  /** How long the record of a run is kept, counted from the run's start. */
  readonly recordSeconds: number;
}

function metaItem(table: StreamItems, options: DynamoStateOptions): MetaItem {
  const read = async () => readMeta(await table.read(metaKey), options);
  return {
    async acquireLease({ run, startedAt, now, until }) {
      const granted = await table.update(
        metaKey,
        metaChanges.grantLease({ run, startedAt, until }, now, options),
      );
      if (granted === undefined) return leaseAsItStands(await table.read(metaKey), run, options);
      const { lease, neverEnded } = leaseBeforeGrant(granted.attributes);
      return { granted: true, meta: readMeta(granted.attributes, options), interrupted: lease, neverEnded };
    },

    readMeta: read,

    async endRun(end, totals, asking) {
      const written = await table.update(metaKey, metaChanges.endRun(end, totals, asking));
      // The client may have repeated a write that had succeeded.
      return written !== undefined || (await read())?.lastEnd?.run === end.run;
    },

    async beginAudit(audit) {
      const begun = await table.update(metaKey, metaChanges.beginAudit(audit));
      return auditedBefore(begun?.attributes);
    },

    async endAudit(audit, at) {
      const ended = await table.update(metaKey, metaChanges.endAudit(audit, at));
      return ended !== undefined || (await read())?.auditedAt === at;
    },

    async markCompared(until) {
      await table.update(metaKey, metaChanges.comparedUntil(until));
    },
  };
}

function retiringStreams(table: StreamItems, options: DynamoStateOptions): RetiringStreams {
  const change = async (streamId: string, changeAt: (place: number) => ItemChange): Promise<void> => {
    const place =
      readMeta(await table.read(metaKey), options)?.retiring.findIndex(
        (each) => each.streamId === streamId,
      ) ?? -1;
    if (place >= 0) await table.update(metaKey, changeAt(place));
  };
  return {
    markEmpty: (streamId, since) =>
      change(streamId, (place) => metaChanges.emptySince(place, streamId, since)),
    keepAsking: (streamId, asking) =>
      change(streamId, (place) => metaChanges.askingOfRetiring(place, streamId, asking)),
    retire: (streamId) => change(streamId, (place) => metaChanges.forgetRetiring(place, streamId)),
  };
}

function openRuns(table: StreamItems): OpenRuns {
  /**
   * Changes the run's `OPEN`. Where the item exists and the condition does not hold, the item is already as far.
   *
   * @returns false where the item does not exist
   */
  const change = async (run: RunId, wanted: ItemChange): Promise<boolean> => {
    const written = await table.update(openKey(run), wanted);
    return written !== undefined || (await table.read(openKey(run))) !== undefined;
  };
  return {
    open: (open) => table.add(openKey(open), writeOpenRun(open)),

    async listOpen() {
      return (await table.query(...openKeys)).map(readOpenRun);
    },

    recordDone: (run, destination, number) => change(run, openChanges.done(destination, number)),

    recordLost: (run, destination, number, lost) => change(run, openChanges.lost(destination, number, lost)),

    recordBatches: (run, lastNumber) => change(run, openChanges.batches(lastNumber)),

    seal: (run, at, lastNumber) => change(run, openChanges.seal(at, lastNumber)),

    async countBatches(run, lastNumber) {
      await change(run, openChanges.count(lastNumber));
    },

    close: (run) => table.remove(openKey(run)),
  };
}

function lateEvents(table: StreamItems): LateEvents {
  return {
    async recordDoneWithLate(run, destination, number, late) {
      const written = await table.update(openKey(run), openChanges.doneWithLate(destination, number, late));
      if (written !== undefined) return 'moved';
      return (await table.read(openKey(run))) === undefined ? 'gone' : 'as-far';
    },
  };
}

function tries(table: StreamItems): Tries {
  return {
    async countTry(run, destination, number) {
      const again = await table.update(openKey(run), openChanges.tryAgain(destination, number));
      if (again !== undefined) return readTries(again.attributes, destination);
      const first = await table.update(openKey(run), openChanges.tryFirst(destination, number));
      return first === undefined ? 0 : 1;
    },

    async clearTries(run, destination) {
      await table.update(openKey(run), openChanges.clearTries(destination));
    },
  };
}

function runRecords(table: StreamItems, { recordSeconds }: DynamoStateOptions): RunRecords {
  const add = (record: RunRecord): Promise<void> =>
    table.add(runKey(record), writeRun(record, recordSeconds));
  return {
    writeRecord: add,

    async completeRecord(record) {
      const completed = await table.update(runKey(record), completeRun(record));
      if (completed === undefined) await add({ ...record, complete: true });
    },

    async readRecord(run) {
      const item = await table.read(runKey(run));
      return item === undefined ? undefined : readRun(item);
    },

    async listRecords({ from, to }) {
      return (await table.query(...runKeys(from, to))).map(readRun);
    },
  };
}

/** Reads why the lease was not granted. A write of this run whose answer was lost may have granted it. */
function leaseAsItStands(
  item: StreamItem | undefined,
  run: string,
  options: DynamoStateOptions,
): LeaseOutcome {
  const meta = readMeta(item, options);
  if (meta?.lease === undefined) {
    // The lease was freed between the two calls. The next tick will get it.
    return { granted: false, holder: { run: 'ended meanwhile', startedAt: 0, until: 0 } };
  }
  if (meta.lease.run !== run) return { granted: false, holder: meta.lease };
  const { lease, neverEnded } = leaseFoundByGrant(item);
  return { granted: true, meta: { ...meta, lease }, interrupted: lease, neverEnded };
}
