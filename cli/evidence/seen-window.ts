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

/** A window of the journal as one view shows it to one destination. */
export interface SeenWindow {
  readonly view: OpenedView;
  /** By the id that a line of the view has: the raw id of the event, and the digests of the lines that may show it. */
  readonly lines: ReadonlyMap<string, SeenLine>;
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

/** Makes the lines of a window again, for each view and line format once. */
export function createSeenWindows(
  { bucket, stream, views, stage }: SeenWindowMeans,
  range: TimeRange,
): (label: string, destination: DeployedDestination) => Promise<SeenWindow | undefined> {
  const made = new Map<string, Promise<SeenWindow | undefined>>();
  const make = async (
    label: string,
    { format, formatOptions }: DeployedDestination,
  ): Promise<SeenWindow | undefined> => {
    const view = await views.open(label);
    if (view === undefined) return undefined;
    const lineFormat = createLineFormat(format, stage, formatOptions);
    return readSeenWindow({ bucket, stream, view, format: lineFormat }, range);
  };
  return (label, destination) => {
    const name = JSON.stringify([label, destination.format, destination.formatOptions]);
    const window = made.get(name) ?? make(label, destination);
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

/** The journal is read once more for each view, so that no window has to be held in memory. */
async function readSeenWindow(
  {
    bucket,
    stream,
    view,
    format,
  }: Omit<SeenWindowMeans, 'views' | 'stage'> & { readonly view: OpenedView; readonly format: LineFormat },
  range: TimeRange,
): Promise<SeenWindow> {
  const lines = new Map<string, SeenLine>();
  const hidden = new Set<string>();
  for await (const { batch, cut } of openWindow(bucket, stream, range)) {
    if (cut === undefined) continue;
    const seen = view.see(cut, stream.type);
    const shown = new Uint8Array(cut.count);
    for (const index of seen.indexes) shown[index] = 1;
    const rawIds = eventIds(cut, stream.type);
    for (let index = 0; index < cut.count; index++) if (shown[index] === 0) hidden.add(idAt(rawIds, index));
    for (const { id, rawId, digest } of linesOf({ batch, cut }, seen, { type: stream.type, view, format })) {
      const known = lines.get(id) ?? { rawId, digests: [] };
      lines.set(id, known);
      if (!known.digests.includes(digest)) known.digests.push(digest);
    }
  }
  return { view, lines, hidden };
}

function* linesOf(
  { batch, cut: raw }: { readonly batch: WindowBatch['batch']; readonly cut: Cut },
  { cut, indexes }: SeenCut,
  { type, view, format }: { readonly type: string; readonly view: OpenedView; readonly format: LineFormat },
): Iterable<{ readonly id: string; readonly rawId: string; readonly digest: string }> {
  const { stream, collectedAt } = batch;
  const rawIds = eventIds(raw, type);
  const ids = eventIds(cut, type);
  // What was replayed from quarantine does not say that a witness had recovered it.
  for (const recovered of batch.recovered === true ? [true, false] : [false]) {
    const writer = format.begin(cut, { type, stream, collectedAt, recovered, view: view.label });
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
