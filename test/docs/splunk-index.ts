import { eventText } from '@mosaic-relay/mosaic-simulator';
import { startSplunkHec } from '@mosaic-relay/siem-receivers';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords } from '../../functions/collector/delivery/prepare-records.ts';
import { cutOf } from '../functions/collector/answers/cut-of.ts';
import { indexedEvent } from './spl/events.ts';
import type { Row } from './spl/rows.ts';

/** Seconds. */
export const hour = 3_600;
/** When the searches run, in seconds since the epoch. */
export const now = Date.UTC(2026, 2, 2, 12, 10) / 1_000;

/** When event 0 was raised; there is one every 36 seconds, so 100 an hour. */
const firstRaised = Date.UTC(2026, 2, 2, 6) / 1_000;
const token = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

/** Events as Mosaic sends them, in both spellings of `additionalParams`. */
export function rawEvents(
  type: 'cis' | 'admin' | 'risk' | 'verify',
  from: number,
  count: number,
): readonly string[] {
  const style = {
    seed: 5,
    averageBytes: 1_200,
    snakeParams: false,
    pretty: true,
    large: false,
    oversize: false,
    unreadableTimestamps: false,
  };
  return Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const timestamp = (firstRaised + 36 * index) * 1_000;
    return eventText(style, { type, index, timestamp, enriched: index % 2 === 0 });
  });
}

/**
 * Has the collector's own code make a batch's envelopes, and HTTP Event Collector take them.
 *
 * @param batch.delay seconds from the raising of an event to its indexing; without it, 300, and an hour for every tenth
 */
export async function indexed(batch: {
  readonly type: string;
  readonly events: readonly string[];
  readonly recovered?: boolean;
  readonly replayed?: boolean;
  readonly delay?: number;
}): Promise<readonly Row[]> {
  const { events, delay, ...marks } = batch;
  const format = createLineFormat('splunk-envelope', 'prod', { index: 'mosaic' });
  const facts = { ...marks, stream: `relay-${batch.type}`, collectedAt: now * 1_000 };
  const { records } = prepareRecords(cutOf(events), facts, { format, packing: 'lines' });

  const clock = { now: () => now * 1_000 };
  const hec = await startSplunkHec({ clock, token, indexes: ['mosaic'] });
  const answer = await fetch(`${hec.url}/services/collector/event`, {
    method: 'POST',
    body: Buffer.concat(records),
    headers: {
      authorization: `Splunk ${token}`,
      'x-splunk-request-channel': '11111111-2222-4333-8444-555555555555',
    },
  });
  await hec.close();
  if (!answer.ok) throw new Error(await answer.text());
  return hec.events.map((event, at) =>
    indexedEvent(event, Math.floor(event.time!) + (delay ?? (at % 10 === 9 ? hour : 300))),
  );
}
