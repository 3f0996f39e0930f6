import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { AwsCall, Interference, Invocation } from '@mosaic-relay/cdk-loopback';
import type { CallInfo } from '@mosaic-relay/mosaic-simulator';
import type { AnswerEncoding } from '../../../functions/answer.ts';
import { readBatchMetadata } from '../../../functions/stored/journaled-batch.ts';
import { journaledBy, metadataOf } from '../../../local/run/journal-call.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { type DrainingWatch, watchDraining } from './draining.ts';
import { readEventNumbers } from './event-numbers.ts';
import type { EventPattern, LineSizes } from './line-sizes.ts';
import { hourMs, type LoadRow, outageFromMs, raisedAfter, sampleMs } from './load-row.ts';
import { drainsFromMs } from './load-verdict.ts';
import { followUndelivered, type Sample, type Undelivered } from './undelivered.ts';

/**
 * Raises a row's events while it runs, and looks at what crosses the account's edges: answers of Mosaic, PUTs into the
 * journal, records that delivery streams accept, ends of invocations.
 */
export interface LoadMeasure {
  readonly undelivered: Undelivered;
  readonly draining: DrainingWatch;
  /** The timeout of the collector's function. */
  readonly timeoutMs: number;
  /** The samples of all destinations, for each quarter of an hour. */
  readonly samples: readonly (readonly Sample[])[];
  readonly journalObjects: number;
  readonly busyMs: number;
  readonly peakMb: number;
  /** True once the row's hours are over and everything was raised. */
  raisedAll(): boolean;
  onMosaicCall(call: CallInfo): undefined;
  onAwsCall(call: AwsCall, status: number): void;
  interfere(call: AwsCall): Interference | undefined;
  onAccepted(deliveryStream: string, record: Buffer): void;
  onInvocation(invocation: Invocation): void;
}

export function measureLoad(
  { world: { clock }, source, streams }: LocalStage,
  means: { readonly row: LoadRow; readonly pattern: EventPattern; readonly lines: LineSizes },
): LoadMeasure {
  const { row, pattern, lines } = means;
  const [stream] = streams;
  if (stream === undefined) throw new Error('the stage has no stream');
  const places = new Map(stream.destinations.map(({ deliveryStream }, place) => [deliveryStream, place]));
  const numbers = readEventNumbers(pattern.seed, pattern.type);
  const beganAt = clock.now();
  const elapsedMs = () => clock.now() - beganAt;
  const raised = () => raisedAfter(row, elapsedMs());
  const undelivered = followUndelivered({
    destinations: row.destinations,
    lines,
    now: () => clock.now(),
    raised,
  });
  const timeoutMs = stream.settings.timeout * 1_000;
  const samples: (readonly Sample[])[] = [];
  const draining = watchDraining({
    row,
    lines,
    undelivered,
    timeoutMs,
    elapsedMs,
    usualBytes: () => Math.max(0, ...samples.flat().map(({ bytes }) => bytes)),
  });
  const journaled = new Set<string>();
  let raisedAt = beganAt;
  let busyMs = 0;
  let peakMb = 0;

  /** Raises the events that are due whenever Mosaic is asked: a timer for each event would hold up the clock. */
  const raise = (): void => {
    const more = raised() - source.generated(stream);
    if (more > 0) source.generate([stream], more, clock.now() - raisedAt);
    raisedAt = clock.now();
  };
  const refuses = (): boolean => {
    const ms = elapsedMs() - outageFromMs;
    return ms >= 0 && ms < row.outageHours * hourMs;
  };

  for (let at = sampleMs; at <= row.hours * hourMs; at += sampleMs)
    clock.at(beganAt + at, () => void samples.push(undelivered.sample()));
  const drainsFrom = drainsFromMs(row);
  if (drainsFrom !== undefined) clock.at(beganAt + drainsFrom, () => draining.begin());
  clock.at(beganAt + row.hours * hourMs, raise);

  return {
    undelivered,
    draining,
    timeoutMs,
    samples,
    get journalObjects() {
      return journaled.size;
    },
    get busyMs() {
      return busyMs;
    },
    get peakMb() {
      return peakMb;
    },
    raisedAll: () => elapsedMs() >= row.hours * hourMs && source.generated(stream) === raised(),
    onMosaicCall({ operation }) {
      if (operation === 'collect') raise();
    },
    onAwsCall(call, status) {
      if (journaledBy(call)?.streamName !== stream.name || status !== 200) return;
      const { resource, body } = call;
      const { collectedAt, encoding } = readBatchMetadata(metadataOf(call));
      if (journaled.has(resource)) return;
      journaled.add(resource);
      undelivered.journaled({
        collectedAt,
        events: numbers.ofAnswer(decode(Buffer.from(body), encoding)),
      });
    },
    interfere({ operation, resource }) {
      const last = stream.destinations.at(-1)?.deliveryStream;
      if (operation !== 'PutRecordBatch' || !resource.endsWith(`/${last}`) || !refuses()) return undefined;
      const message = 'The delivery stream refuses every call in this hour.';
      return { skipEffect: true, outcome: { status: 500, code: 'InternalFailure', message } };
    },
    onAccepted(deliveryStream, record) {
      const place = places.get(deliveryStream);
      if (place === undefined) return;
      undelivered.accepted(place, numbers.ofLines(record));
      draining.look(place);
    },
    onInvocation({ functionName, durationMs, maxRssMb = 0 }) {
      if (functionName !== stream.functionName) return;
      busyMs += durationMs;
      peakMb = Math.max(peakMb, maxRssMb);
    },
  };
}

function decode(body: Buffer, encoding: AnswerEncoding): Buffer {
  if (encoding === 'gzip') return gunzipSync(body);
  return encoding === 'zstd' ? zstdDecompressSync(body) : body;
}
