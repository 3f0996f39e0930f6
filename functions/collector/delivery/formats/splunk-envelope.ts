import { eventFlags } from '../../answers/cut-events.ts';
import { eventIdLength, eventIds } from '../../answers/event-id.ts';
import { parseTimestamp } from '../../answers/event-timestamp.ts';
import type { Cut } from '../../protocol/ports/answers.ts';
import type { BatchFacts, LineFormat, LineWriter } from './line-format.ts';

/** Every option but `index` has a default. Without `index`, Splunk takes the token's default index. */
export interface SplunkOptions {
  readonly host?: string;
  readonly source?: string;
  readonly sourcetype?: string;
  readonly index?: string;
}

/**
 * Writes the envelope of Splunk's HTTP Event Collector for its `event` endpoint: the event's bytes as `event`, and
 * the relay's facts as strings in `fields`.
 *
 * `time` is in seconds with a fraction: the event's own timestamp, or `collected_at` where the event has no
 * readable one.
 *
 * @see
 * https://help.splunk.com/en/splunk-enterprise/get-started/get-data-in/10.0/get-data-with-http-event-collector/format-events-for-http-event-collector
 */
export function createSplunkEnvelope(stage: string, options: SplunkOptions): LineFormat {
  return {
    begin(cut, facts): LineWriter {
      const ids = eventIds(cut, facts.type);
      const head = Buffer.from(`,${JSON.stringify(metadata(stage, options, facts)).slice(1, -1)},"event":`);
      const tail = Buffer.from(`,"fields":${JSON.stringify(indexedFields(stage, facts))}}`);
      const idFromEnd = tail.length - tail.indexOf(idPlace);

      return {
        overheadBytes: opening.length + longestTime + head.length + wrapper.length + 1 + tail.length,
        write(index, target, at) {
          target.set(opening, at);
          let end = writeSeconds(timeOf(cut, index) ?? facts.collectedAt, target, at + opening.length);
          target.set(head, end);
          end += head.length;
          const event = cut.singleLine.subarray(cut.starts[index]!, cut.ends[index]!);
          const wrapped = (cut.flags[index]! & eventFlags.object) === 0 && isBlank(event);
          if (wrapped) {
            target.set(wrapper, end);
            end += wrapper.length;
          }
          target.set(event, end);
          end += event.length;
          if (wrapped) target[end++] = 0x7d /* } */;
          target.set(tail, end);
          end += tail.length;
          target.set(ids.subarray(index * eventIdLength, (index + 1) * eventIdLength), end - idFromEnd);
          return end;
        },
      };
    },
  };
}

const opening = Buffer.from('{"time":');
const wrapper = Buffer.from('{"event":');
const idPlace = '?'.repeat(eventIdLength);

/** `253402300799.999` is the last millisecond of the year 9999. */
const longestTime = 16;
const lastTime = 253_402_300_799_999;

function metadata(stage: string, options: SplunkOptions, { type }: BatchFacts): SplunkOptions {
  return {
    host: options.host ?? `mosaic-${stage}`,
    source: options.source ?? `mosaic-siem-relay:${type}`,
    sourcetype: options.sourcetype ?? `transmitsecurity:mosaic:${type}`,
    ...(options.index === undefined ? {} : { index: options.index }),
  };
}

function indexedFields(
  stage: string,
  { type, stream, collectedAt, view, key, recovered, replayed }: BatchFacts,
): object {
  return {
    type,
    stream,
    stage,
    event_id: idPlace,
    collected_at: new Date(collectedAt).toISOString(),
    ...(view === undefined ? {} : { view }),
    ...(key === undefined ? {} : { key }),
    ...(recovered ? { recovered: 'true' } : {}),
    ...(replayed ? { replayed: 'true' } : {}),
  };
}

function timeOf(cut: Cut, index: number): number | undefined {
  const time = parseTimestamp(cut.source, cut.timestamps.starts[index]!, cut.timestamps.ends[index]!);
  return time !== undefined && time >= 0 && time <= lastTime ? time : undefined;
}

function writeSeconds(milliseconds: number, target: Uint8Array, at: number): number {
  const text = String(milliseconds).padStart(4, '0');
  const point = text.length - 3;
  for (let index = 0; index < point; index++) target[at + index] = text.charCodeAt(index);
  target[at + point] = 0x2e /* . */;
  for (let index = point; index < text.length; index++) target[at + index + 1] = text.charCodeAt(index);
  return at + text.length + 1;
}

/** HEC refuses a whole request for one event that is null or blank (codes 12 and 13), and Splunk 10.4 for `false`. */
function isBlank(event: Uint8Array): boolean {
  return event.length < 64 && /^(null|false|"\s*")$/.test(Buffer.from(event).toString());
}
