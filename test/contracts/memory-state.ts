import type { LeaseOutcome } from '../../functions/collector/protocol/ports/lease.ts';
import type { State } from '../../functions/collector/protocol/ports/state.ts';
import { RelayError } from '../../functions/relay-error.ts';
import type { Meta } from '../../functions/stored/meta-item.ts';
import type { OpenRun } from '../../functions/stored/open-item.ts';
import type { RunId } from '../../functions/stored/run-id.ts';
import type { RunEnd, RunRecord } from '../../functions/stored/run-item.ts';

export interface MemoryState extends State {
  /** What is stored, for a test to look at or to prepare. */
  readonly stored: {
    meta: Meta | undefined;
    /** The audit at work, which stands in `META` too. */
    auditing: string | undefined;
    readonly open: Map<string, OpenRun>;
    readonly records: Map<string, RunRecord>;
  };
}

/** The stream's metadata in memory; passes the same suite as the table. */
export function createMemoryState(stream: { readonly type: string; readonly streamId: string }): MemoryState {
  const stored: MemoryState['stored'] = {
    meta: undefined,
    auditing: undefined,
    open: new Map(),
    records: new Map(),
  };
  const born: Meta = {
    type: stream.type,
    streamId: stream.streamId,
    schema: 1,
    totals: { events: 0, batches: 0, sourceBytes: 0 },
    retiring: [],
  };
  /** What the present lease's run found when it came, so that asking twice gives the same answer. */
  let found: Omit<Extract<LeaseOutcome, { granted: true }>, 'granted'> | undefined;
  /** Runs since one has ended, the present one included. */
  let unended = 0;

  const meta = (): Meta | undefined => {
    if (stored.meta !== undefined && stored.meta.schema > 1) {
      throw new RelayError('TableFromNewerVersion', `the table was written by schema ${stored.meta.schema}`);
    }
    return stored.meta;
  };
  const changeOpen = (run: RunId, change: (open: OpenRun) => OpenRun): boolean => {
    const open = stored.open.get(run.run);
    if (open !== undefined) stored.open.set(run.run, change(open));
    return open !== undefined;
  };

  return {
    stored,
    meta: {
      async acquireLease({ run, startedAt, now, until }) {
        const before = meta();
        const holder = before?.lease;
        if (holder?.run === run && found !== undefined) return { granted: true, ...found };
        if (holder !== undefined && holder.until > now) return { granted: false, holder };
        const neverEnded = holder === undefined ? 0 : Math.max(1, unended);
        unended = neverEnded + 1;
        found = { meta: before, interrupted: holder, neverEnded };
        stored.meta = { ...(before ?? born), lease: { run, startedAt, until } };
        return { granted: true, ...found };
      },
      async readMeta() {
        return meta();
      },
      async endRun(end, totals, asking) {
        const before = meta();
        if (before?.lease?.run !== end.run) return before?.lastEnd?.run === end.run;
        unended = 0;
        const { lease: _, asking: __, ...freed } = before;
        stored.meta = {
          ...freed,
          lastEnd: endOf(end),
          ...(asking === undefined ? {} : { asking: structuredClone(asking) }),
          totals: {
            events: before.totals.events + totals.events,
            batches: before.totals.batches + totals.batches,
            sourceBytes: before.totals.sourceBytes + totals.sourceBytes,
          },
        };
        return true;
      },
      async beginAudit(audit) {
        stored.meta = { ...(meta() ?? born) };
        stored.auditing = audit;
        return stored.meta.auditedAt;
      },
      async endAudit(audit, at) {
        if (stored.auditing !== audit) return meta()?.auditedAt === at;
        stored.meta = { ...(meta() ?? born), auditedAt: at };
        stored.auditing = undefined;
        return true;
      },
      async markCompared(until) {
        const before = meta();
        if ((before?.comparedUntil ?? 0) < until) stored.meta = { ...(before ?? born), comparedUntil: until };
      },
    },
    retiring: {
      async markEmpty(streamId, since) {
        const before = meta();
        if (before === undefined) return;
        const retiring = before.retiring.map((each) => {
          if (each.streamId !== streamId) return each;
          const { emptySince: _, ...rest } = each;
          return since === undefined ? rest : { ...rest, emptySince: since };
        });
        stored.meta = { ...before, retiring };
      },
      async keepAsking(streamId, asking) {
        const before = meta();
        if (before === undefined) return;
        const retiring = before.retiring.map((each) => {
          if (each.streamId !== streamId) return each;
          const { asking: _, ...rest } = each;
          return asking === undefined ? rest : { ...rest, asking: structuredClone(asking) };
        });
        stored.meta = { ...before, retiring };
      },
      async retire(streamId) {
        const before = meta();
        if (before === undefined) return;
        stored.meta = { ...before, retiring: before.retiring.filter((one) => one.streamId !== streamId) };
      },
    },
    openRuns: {
      async open(open) {
        if (!stored.open.has(open.run)) stored.open.set(open.run, structuredClone(open));
      },
      async listOpen() {
        return [...stored.open.values()];
      },
      async recordDone(run, destination, number) {
        return changeOpen(run, (open) =>
          (open.done[destination] ?? -1) <= number ? withDone(open, destination, number) : open,
        );
      },
      async recordLost(run, destination, number, lost) {
        return changeOpen(run, (open) =>
          (open.done[destination] ?? -1) < number
            ? { ...withDone(open, destination, number), lost: (open.lost ?? 0) + lost }
            : open,
        );
      },
      async recordBatches(run, lastNumber) {
        return changeOpen(run, (open) =>
          (open.lastNumber ?? 0) <= lastNumber
            ? { ...open, lastNumber, counted: open.counted ?? false }
            : open,
        );
      },
      async seal(run, at, lastNumber) {
        return changeOpen(run, (open) => ({ ...open, sealAfter: at, lastNumber, counted: true }));
      },
      async countBatches(run, lastNumber) {
        changeOpen(run, (open) =>
          (open.lastNumber ?? 0) <= lastNumber ? { ...open, lastNumber, counted: true } : open,
        );
      },
      async close(run) {
        stored.open.delete(run.run);
      },
    },
    tries: {
      async countTry(run, destination, number) {
        changeOpen(run, (open) => {
          const last = open.tries[destination];
          const count = last?.number === number ? last.count + 1 : 1;
          return { ...open, tries: { ...open.tries, [destination]: { number, count } } };
        });
        return stored.open.get(run.run)?.tries[destination]?.count ?? 0;
      },
      async clearTries(run, destination) {
        changeOpen(run, (open) => {
          const { [destination]: _, ...tries } = open.tries;
          return { ...open, tries };
        });
      },
    },
    lateEvents: {
      async recordDoneWithLate(run, destination, number, late) {
        const open = stored.open.get(run.run);
        if (open === undefined) return 'gone';
        if ((open.done[destination] ?? -1) >= number) return 'as-far';
        const counted = { ...open.late, [destination]: late };
        stored.open.set(run.run, { ...withDone(open, destination, number), late: counted });
        return 'moved';
      },
    },
    records: {
      async writeRecord(record) {
        if (!stored.records.has(recordKey(record)))
          stored.records.set(recordKey(record), structuredClone(record));
      },
      async completeRecord(record) {
        const key = recordKey(record);
        const known = stored.records.get(key);
        if (known === undefined) {
          stored.records.set(key, { ...structuredClone(record), complete: true });
          return;
        }
        const late = { ...known.late, ...record.late };
        stored.records.set(key, {
          ...known,
          ...(Object.keys(late).length === 0 ? {} : { late }),
          complete: true,
          lost: record.lost,
          sweptAt: record.endedAt,
        });
      },
      async readRecord(run) {
        return stored.records.get(recordKey(run));
      },
      async listRecords({ from, to }) {
        return [...stored.records.values()]
          .filter((record) => record.startedAt >= from && record.startedAt < to)
          .sort((a, b) => a.startedAt - b.startedAt || (a.run < b.run ? -1 : 1));
      },
    },
  };
}

function withDone(open: OpenRun, destination: string, number: number): OpenRun {
  const { [destination]: _, ...tries } = open.tries;
  return { ...open, done: { ...open.done, [destination]: number }, tries };
}

function recordKey({ startedAt, run }: RunId): string {
  return `${startedAt}#${run}`;
}

/** Only what a `RunEnd` holds: a caller may pass a whole record. */
function endOf(end: RunEnd): RunEnd {
  const { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt } = end;
  return { run, startedAt, endedAt, outcome, code, lastNumber, caution, newestEventAt };
}
