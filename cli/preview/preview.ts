import { randomBytes } from 'node:crypto';
import type { CollectorDestination } from '../../functions/collector/contract.ts';
import type { BatchFacts } from '../../functions/collector/delivery/formats/line-format.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import type { Cut, CutBatch } from '../../functions/collector/protocol/ports/answers.ts';
import { createSeer, type SeenCut } from '../../functions/collector/views/see-cut.ts';
import type { CompiledView } from '../../functions/stored/compiled-view.ts';
import { type ActivityCounts, activityOf, createActivityCounts } from './activity-counts.ts';
import { type BytesByRule, createBytesByRule } from './bytes-by-rule.ts';
import { createMemberCounts, type MemberCounts } from './member-counts.ts';

/** The effect of a view on batches of events, before anything is delivered by it. */
export interface Preview {
  add(batch: CutBatch): void;
  readonly view: CompiledView;
  readonly totals: PreviewTotals;
  readonly activities: ActivityCounts;
  readonly members: MemberCounts;
  readonly bytes: BytesByRule;
  /** A few events with what the destination would see of each, of different activities. */
  readonly examples: readonly PreviewedEvent[];
}

export interface PreviewTotals {
  events: number;
  dropped: number;
  refused: number;
  seen: number;
  /** Bytes of the destination's lines, and the bytes that Firehose bills for them. */
  readonly before: PreviewedBytes;
  readonly after: PreviewedBytes;
}

export interface PreviewedBytes {
  lines: number;
  billed: number;
}

export interface PreviewedEvent {
  readonly activity: string | undefined;
  readonly before: Uint8Array;
  readonly after: Uint8Array | 'dropped' | 'refused';
}

/**
 * Makes nothing that leaves this process, and reads no key: pseudonyms are made with a key that nobody has, so that
 * they differ from the destination's own and are about as long.
 */
export function createPreview({
  view,
  label,
  type,
  stage,
  destination,
  mostExamples,
}: PreviewOptions): Preview {
  const key = { id: 'p1', secret: randomBytes(32) };
  const see = createSeer(view, key);
  const activities = createActivityCounts(view);
  const members = createMemberCounts(view);
  const bytes = createBytesByRule(view, key);
  const totals: PreviewTotals = {
    ...{ events: 0, dropped: 0, refused: 0, seen: 0 },
    before: { lines: 0, billed: 0 },
    after: { lines: 0, billed: 0 },
  };
  const examples: PreviewedEvent[] = [];
  const format = createLineFormat(destination.format, stage, destination.formatOptions);
  const { packing, compressRecords = false, quotaMiBPerSecond } = destination;
  const shape = { format, packing, compressRecords, quotaBytesPerSecond: quotaMiBPerSecond * 2 ** 20 };

  function put(
    cut: Cut,
    { stream, collectedAt }: CutBatch['batch'],
    to: PreviewedBytes,
    by: Pick<BatchFacts, 'view' | 'key'> = {},
  ): number {
    const facts = { type, stream, collectedAt, ...by };
    const prepared = prepareRecords(cut, facts, shape);
    to.lines += prepared.rawBytes;
    to.billed += prepared.billedBytes;
    prepared.release();
    return prepared.rawBytes;
  }

  const isExample = (of: string | undefined) =>
    examples.length < mostExamples && examples.every(({ activity }) => activity !== of);

  return {
    view,
    totals,
    activities,
    members,
    bytes,
    examples,
    add({ batch, cut }) {
      const seen = see(cut, type, batch.collectedAt);
      const lines = put(cut, batch, totals.before);
      put(seen.cut, batch, totals.after, { view: label, key: seen.key });
      const timesBefore = members.met.map(({ times }) => times);
      const overhead = cut.count === 0 ? 0 : (lines - eventBytes(cut)) / cut.count;
      eachEvent(cut, seen, (event) => {
        const { activity, start, end, shown } = event;
        totals.events += 1;
        activities.add(activity, end - start + overhead);
        const lost = activities.drops(activity) ? 'dropped' : 'refused';
        totals[shown === undefined ? lost : 'seen'] += 1;
        if (shown !== undefined) members.add(cut.source, start);
        if (isExample(activity))
          examples.push({ activity, before: cut.source.slice(start, end), after: shown?.slice() ?? lost });
      });
      bytes.add({
        ...{ cut, type, collectedAt: batch.collectedAt, seen },
        hasMet: (rule) => members.met[rule]!.times > timesBefore[rule]!,
      });
    },
  };
}

export interface PreviewOptions {
  readonly view: CompiledView;
  /** What lines would say of the view. */
  readonly label: string;
  /** The stream's. */
  readonly type: string;
  readonly stage: string;
  readonly destination: Pick<
    CollectorDestination,
    'format' | 'formatOptions' | 'packing' | 'compressRecords' | 'quotaMiBPerSecond'
  >;
  readonly mostExamples: number;
}

function eventBytes({ starts, ends, count }: Cut): number {
  let bytes = 0;
  for (let index = 0; index < count; index++) bytes += ends[index]! - starts[index]!;
  return bytes;
}

function eachEvent(
  cut: Cut,
  { cut: seen, indexes }: SeenCut,
  visit: (event: {
    readonly activity: string | undefined;
    readonly start: number;
    readonly end: number;
    readonly shown: Uint8Array | undefined;
  }) => void,
): void {
  let place = 0;
  for (let index = 0; index < cut.count; index++) {
    const isSeen = place < seen.count && indexes[place] === index;
    visit({
      activity: activityOf(cut, index),
      start: cut.starts[index]!,
      end: cut.ends[index]!,
      shown: isSeen ? seen.source.subarray(seen.starts[place], seen.ends[place]) : undefined,
    });
    if (isSeen) place += 1;
  }
}
