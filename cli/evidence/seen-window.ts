import { hash } from 'node:crypto';
import { eventIdLength, eventIds } from '../../functions/collector/answers/event-id.ts';
import type { LineFormat } from '../../functions/collector/delivery/formats/line-format.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { SeenCut } from '../../functions/collector/views/see-cut.ts';
import type { Bucket } from '../access/bucket.ts';
import type { DeployedDestination, DeployedStream } from '../access/deployed-relay.ts';
import { withoutReplayMark } from '../replay/relayed-line.ts';
import type { TimeRange } from '../replay/waiting.ts';
import { openWindow, type WindowBatch } from './journal-window.ts';
import type { KeptViews, OpenedView } from './kept-views.ts';

/** A window of the journal as one view shows it to one destination, by the key that lines of the view name. */
export interface SeenWindow {
  readonly view: OpenedView;
  /**
   * By the id that a line of the view has: the raw id of the event, and the digests of the lines that may show it. Empty
   * where no key at hand has the id that lines name.
   */
  readonly lines: ReadonlyMap<string, SeenLine>;
  /** True where `lines` has every line that there can be. */
  readonly isWhole: boolean;
  /** Raw ids of the events that the view leaves out, or that it cannot be made of. */
  readonly hidden: ReadonlySet<string>;
}

interface SeenLine {
  readonly rawId: string;
  readonly digests: string[];
}

/** True if a delivered line is the one that journal and view make, byte for byte but for the mark of a replay. */
export function isLineOf({ digests }: SeenLine, line: Uint8Array): boolean {
  return digests.includes(digestOf(withoutReplayMark(line)));
}

/** The view that made a line, and the id of its key, as the line names them. */
export interface MadeBy {
  readonly label: string;
  /** The id of the key; absent where ids are raw, and in lines of a version that did not write it. */
  readonly key?: string | undefined;
}

/** Makes the lines of a window again, for each view, key and line format once. */
export function createSeenWindows(
  { bucket, stream, views, stage }: SeenWindowMeans,
  range: TimeRange,
): (by: MadeBy, destination: DeployedDestination) => Promise<SeenWindow | undefined> {
  const made = new Map<string, Promise<SeenWindow | undefined>>();
  const make = async (
    { label, key }: MadeBy,
    { format, formatOptions }: DeployedDestination,
  ): Promise<SeenWindow | undefined> => {
    const view = await views.open(label);
    if (view === undefined) return undefined;
    const lineFormat = createLineFormat(format, stage, formatOptions);
    return readSeenWindow({ bucket, stream, view, key, format: lineFormat }, range);
  };
  return ({ label, key }, destination) => {
    const name = JSON.stringify([label, key, destination.format, destination.formatOptions]);
    const window = made.get(name) ?? make({ label, key }, destination);
    made.set(name, window);
    return window;
  };
}

export interface SeenWindowMeans {
  readonly bucket: Bucket;
  readonly stream: DeployedStream;
  readonly views: KeptViews;
  readonly stage: string;
}

/** The journal is read once more for each view and key, so that no window has to be held in memory. */
async function readSeenWindow(
  {
    bucket,
    stream,
    view,
    key,
    format,
  }: Omit<SeenWindowMeans, 'views' | 'stage'> & {
    readonly view: OpenedView;
    readonly key: string | undefined;
    readonly format: LineFormat;
  },
  range: TimeRange,
): Promise<SeenWindow> {
  const lines = new Map<string, SeenLine>();
  const hidden = new Set<string>();
  const seers = view.seenWith(key);
  const { type } = stream;
  for await (const { batch, cut } of openWindow(bucket, stream, range)) {
    if (cut === undefined) continue;
    // Every key shows the same events.
    const { indexes } = (seers[0] ?? view.seeWithoutKey)(cut, type, batch.collectedAt);
    const shown = new Uint8Array(cut.count);
    for (const index of indexes) shown[index] = 1;
    const rawIds = eventIds(cut, type);
    for (let index = 0; index < cut.count; index++) if (shown[index] === 0) hidden.add(idAt(rawIds, index));
    for (const see of seers) {
      const by = { label: view.label, key };
      for (const { id, rawId, digest } of linesOf({ batch, cut }, see(cut, type, batch.collectedAt), {
        type,
        by,
        format,
      })) {
        const known = lines.get(id) ?? { rawId, digests: [] };
        lines.set(id, known);
        if (!known.digests.includes(digest)) known.digests.push(digest);
      }
    }
  }
  const isWhole = !view.isKeyed || (key !== undefined && seers.length > 0);
  return { view, lines, hidden, isWhole };
}

function* linesOf(
  { batch, cut: raw }: { readonly batch: WindowBatch['batch']; readonly cut: Cut },
  { cut, indexes, key }: SeenCut,
  { type, by, format }: { readonly type: string; readonly by: MadeBy; readonly format: LineFormat },
): Iterable<{ readonly id: string; readonly rawId: string; readonly digest: string }> {
  const { stream, collectedAt } = batch;
  const rawIds = eventIds(raw, type);
  const ids = eventIds(cut, type);
  // What was replayed from quarantine does not say that a witness had recovered it.
  for (const recovered of batch.recovered === true ? [true, false] : [false]) {
    const facts = { type, stream, collectedAt, recovered, view: by.label, key: by.key && key };
    const writer = format.begin(cut, facts);
    const target = Buffer.allocUnsafe(longestOf(cut) + writer.overheadBytes + (writer.extraBytes ?? 0) + 1);
    for (let index = 0; index < cut.count; index++) {
      const digest = digestOf(target.subarray(0, writer.write(index, target, 0)));
      yield { id: idAt(ids, index), rawId: idAt(rawIds, indexes[index]!), digest };
    }
  }
}

function longestOf({ count, starts, ends }: Cut): number {
  let longest = 0;
  for (let index = 0; index < count; index++) longest = Math.max(longest, ends[index]! - starts[index]!);
  return longest;
}

function idAt(ids: Buffer, index: number): string {
  return ids.toString('latin1', index * eventIdLength, (index + 1) * eventIdLength);
}

function digestOf(line: Uint8Array): string {
  return hash('sha256', line, 'base64');
}
