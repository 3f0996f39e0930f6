import { openBatch } from '../../../functions/collector/answers/open-batch.ts';
import { openCutOff } from '../../../functions/collector/answers/whole-events.ts';
import type { JournaledBatch } from '../../../functions/stored/journaled-batch.ts';
import { readQuarantineMetadata } from '../../../functions/stored/quarantine-entry.ts';
import {
  type QuarantineKey,
  quarantinePrefix,
  readQuarantineKey,
} from '../../../functions/stored/quarantine-key.ts';
import type { ObjectContent } from '../../access/bucket.ts';
import { linesOfEvents } from '../lines.ts';
import { moveToReplayed } from '../marks.ts';
import { type Found, isOwed, isWithin, type Opened, type SearchOptions, type TimeRange } from '../waiting.ts';
import { operatorCapBytes } from './journal.ts';
import { listWaiting } from './list-waiting.ts';

/**
 * Finds the entries that the collector quarantined. An entry for one destination goes to that one, an entry
 * without a destination to all. It leaves the quarantine when every destination that it is owed to has it. Of an
 * answer that was cut off, destinations get the whole events.
 */
export async function searchQuarantine(options: SearchOptions): Promise<Found> {
  const { stream, bucket, marks } = options;
  const all = stream.destinations.map(({ name }) => name);
  const waiting: Found['waiting'][number][] = [];
  const problems: Found['problems'][number][] = [];
  let replayedBefore = 0;
  for await (const { key, at, isMoved } of listWaiting(options, quarantinePrefix(stream.name))) {
    const entry = readQuarantineKey(key, all);
    if (entry === undefined) {
      if (!isMoved) problems.push({ key, reason: 'its key names no batch' });
      continue;
    }
    const named = entry.destination;
    if (named !== undefined && !all.includes(named)) {
      if (!isMoved) problems.push({ key, reason: `it is owed to ${named}, which the stream no longer has` });
      continue;
    }
    const owed = named === undefined ? all : [named];
    const asked = owed.filter((name) => options.destinations.includes(name));
    if (asked.length === 0) continue;
    const destinations: string[] = [];
    for (const name of asked) if (await isOwed(options, name, key)) destinations.push(name);
    if (destinations.length === 0 && isMoved) continue;
    if (destinations.length === 0) replayedBefore += 1;
    waiting.push({
      source: 'quarantine',
      key,
      destinations,
      open: async () => openEntry(await bucket.get(at), entry, options.range),
      settle: async () => {
        if (isMoved) return;
        for (const name of owed) if (!(await marks.has(name, key))) return;
        await moveToReplayed(bucket, key);
      },
    });
  }
  return { waiting, replayedBefore, problems };
}

/** An entry as a batch: a whole answer, or an array of the one event. */
export function batchOfEntry({ body, metadata }: ObjectContent, entry: QuarantineKey): JournaledBatch {
  const { collectedAt, reason, stream, encoding } = readQuarantineMetadata(metadata);
  const event = reason === 'event-above-record-limit';
  return {
    run: entry.run,
    startedAt: Date.parse(entry.day),
    number: entry.number,
    collectedAt,
    stream,
    cutOff: reason === 'cut-off',
    answer: {
      received: event ? Buffer.concat([Buffer.from('['), body, Buffer.from(']')]) : body,
      encoding,
    },
  };
}

export function openEntry(object: ObjectContent, entry: QuarantineKey, range: TimeRange | undefined): Opened {
  const batch = batchOfEntry(object, entry);
  if (!isWithin(range, batch.collectedAt)) return { kind: 'out-of-range' };
  const opened = openBatch(batch, operatorCapBytes);
  if (!('damaged' in opened)) return { kind: 'lines', lines: linesOfEvents(opened), problems: [] };
  const { damaged } = opened;
  const whole = openCutOff(opened, operatorCapBytes);
  if (whole === undefined) return { kind: 'unusable', reason: `${damaged}: no destination can take it` };
  const { cut, rest } = whole;
  if (cut.count === 0)
    return {
      kind: 'unusable',
      reason: `${damaged}, before the end of its first event: no destination can take it`,
    };
  return { kind: 'lines', lines: linesOfEvents({ batch, cut }), problems: [], restBytes: rest.length };
}
