import { createFirehoseSink } from '../../functions/collector/adapters/firehose-sink.ts';
import { deliver } from '../../functions/collector/delivery/deliver.ts';
import type { DeliverySettings } from '../../functions/collector/delivery/delivery-settings.ts';
import { createDeliveryFlow } from '../../functions/collector/delivery/flow.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { findLate } from '../../functions/collector/delivery/late-events.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import type { Clock } from '../../functions/collector/protocol/ports/clock.ts';
import type { DeliverOptions } from '../../functions/collector/protocol/ports/destination.ts';
import {
  type DeployedDestination,
  type DeployedRelay,
  type DeployedStream,
  destinationOf,
} from '../access/deployed-relay.ts';
import { deployedView } from './deployed-view.ts';
import { type Lines, someLines } from './lines.ts';
import type { Marks } from './marks.ts';
import type { SendOutcome } from './send-outcome.ts';
import type { Opened, ReplaySource } from './waiting.ts';

/** Sends at a pace and remembers each part that was sent. A destination that refuses gets nothing more. */
export interface Sender {
  /** Counts the events that a destination has not got, and apart from them those that its receiver does not take. */
  left(lines: Lines, object: ObjectToSend): Promise<Pick<SendOutcome, 'events' | 'late'>>;
  lines(lines: Lines, object: ObjectToSend): Promise<SendOutcome>;
  message(message: Opened & { readonly kind: 'message' }, object: ObjectToSend): Promise<SendOutcome>;
}

export interface ObjectToSend {
  readonly source: ReplaySource;
  readonly key: string;
  readonly destination: string;
  /** True where the object is done once its lines are sent; false where a part of it could not be read. */
  readonly final: boolean;
}

export interface SenderOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly rate?: number;
  /** Late events are sent, too. */
  readonly late?: boolean;
  /** Gets the bytes of every late event that is left out, as they wait: an event, or a line that was written before. */
  readonly onLeftOut?: (destination: string, bytes: Uint8Array) => void;
  readonly clock: Clock;
  /** Ends the sending after the part in hand. */
  readonly signal: AbortSignal;
  readonly marks: Marks;
}

/** Events that are sent before the progress is remembered. */
const chunkEvents = 1_000;
/** Milliseconds for which one refused part is tried. */
const patienceMs = 60_000;
/** The share of the delivery quota that a replay without `--rate` takes: fresh events and the sweep go first. */
const quotaShare = 0.25;

export function createSender(options: SenderOptions): Sender {
  const { stream, marks, signal, clock, rate } = options;
  const pacedDestinations = new Map<string, PacedDestination>();
  const pacedOf = (name: string): PacedDestination => {
    const paced = pacedDestinations.get(name) ?? createPaced(destinationOf(stream, name), options);
    pacedDestinations.set(name, paced);
    return paced;
  };
  const chunk = Math.min(chunkEvents, Math.max(1, Math.ceil(rate ?? chunkEvents)));

  return {
    async left(lines, { key, destination }) {
      const { batch } = lines;
      const { count } = batch.cut;
      const from = (await marks.part(destination, key)).events;
      const { ages } = destinationOf(stream, destination);
      if (ages === undefined || options.late) return { events: count - from, late: 0 };
      const { cut } = someLines(lines, from, count).batch;
      const late = findLate(cut, ages, options.relay.now()).count;
      return { events: count - from - late, late };
    },
    async lines(lines, object) {
      const { key, destination } = object;
      const paced = pacedOf(destination);
      const { count } = lines.batch.cut;
      const before = await marks.part(destination, key);
      const oversized: string[] = [];
      let late = 0;
      const so = (to: number, failures: readonly string[]): SendOutcome => ({
        ...ended(to - before.events - oversized.length - late, [...failures, ...oversized]),
        late,
      });
      const soFar = (events: number) => ({ events, oversized: before.oversized + oversized.length });
      for (let from = before.events; from < count; from += chunk) {
        if (paced.refusal !== undefined) return so(from, [paced.refusal]);
        const to = Math.min(count, from + chunk);
        await paced.pace(to - from);
        if (signal.aborted) return { ...so(from, []), interrupted: true };
        const sent = await paced.send(someLines(lines, from, to));
        paced.refusal = sent.refusal;
        if (sent.refusal !== undefined) return so(from, [sent.refusal]);
        oversized.push(...sent.oversized);
        late += sent.late;
        if (to < count) await marks.setPart(destination, key, soFar(to));
      }
      const { oversized: left } = soFar(count);
      if (object.source === 'journal' || (object.final && left === 0)) await marks.set(destination, key);
      // Events that are left are tried again each time: the destination's settings may have changed.
      else if (left < count) await marks.setPart(destination, key, soFar(count));
      return so(count, before.oversized === 0 ? [] : [`${before.oversized} of its events are too large`]);
    },
    async message({ events, send }, { destination }) {
      if (destinationOf(stream, destination).view !== undefined) return ended(0, [ofAnyView(destination)]);
      await pacedOf(destination).pace(events);
      if (signal.aborted) return { ...ended(0, []), interrupted: true };
      await send();
      return ended(events, []);
    },
  };

  function tellLeftOut(cut: Cut, { name, ages }: DeliverySettings, judgedAt: number): void {
    if (options.onLeftOut === undefined || ages === undefined) return;
    const { marks: late } = findLate(cut, ages, judgedAt);
    late?.forEach((isLate, index) => {
      if (isLate === 1) options.onLeftOut?.(name, cut.source.subarray(cut.starts[index]!, cut.ends[index]!));
    });
  }

  function createPaced(deployed: DeployedDestination, { relay }: SenderOptions): PacedDestination {
    const destination = toDestination(deployed, options);
    const view = deployedView(relay, stream, deployed);
    const flow = createDeliveryFlow(destination.quotaBytesPerSecond, {
      clock,
      signal,
      share: () => (rate === undefined ? quotaShare : 1),
    });
    // One event is one unit of this flow; one byte is one unit of the other.
    const eventsFlow =
      rate === undefined || rate === Number.POSITIVE_INFINITY
        ? undefined
        : createDeliveryFlow(rate, { clock, signal });
    return {
      refusal: undefined,
      pace: async (events) => eventsFlow?.wait(events),
      async send(lines) {
        const oversized: string[] = [];
        // The relay's own clock judges which events are late: that of a local run is not the machine's.
        const judgedAt = relay.now();
        const means: DeliverOptions = {
          type: stream.type,
          clock,
          // A part is never ended half-way, so that the sent events are known.
          signal: new AbortController().signal,
          patienceMs,
          throttlePatienceMs: patienceMs,
          flow,
          turn: { mostBehindMs: Number.POSITIVE_INFINITY, unsent: undefined, judgedAt },
          quarantine: {
            quarantine: async ({ reason, bytes }) =>
              void oversized.push(`${reason}: an event of ${bytes.length} bytes`),
          },
        };
        const format = lines.format(destination.format);
        const seenThrough = lines.written ? undefined : view;
        const outcome = await deliver(lines.batch, { ...destination, format, view: seenThrough }, means);
        if (outcome.kind === 'delivered') {
          const late = destination.ages?.hold ? outcome.late : 0;
          if (late > 0) tellLeftOut(lines.batch.cut, destination, judgedAt);
          return { refusal: undefined, oversized, late };
        }
        const why = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
        return {
          refusal: `${destination.name} refuses (${why}): nothing more was sent to it`,
          oversized,
          late: 0,
        };
      },
    };
  }
}

interface PacedDestination {
  /** The reason why the destination gets nothing more. */
  refusal: string | undefined;
  /** Waits until so many events may be sent. */
  readonly pace: (events: number) => Promise<void>;
  /**
   * Sends lines.
   *
   * @returns the reason of a refusal, and the events that no record can hold
   */
  readonly send: (lines: Lines) => Promise<{
    readonly refusal: string | undefined;
    readonly oversized: readonly string[];
    readonly late: number;
  }>;
}

/** An object that a copier was to take on may hold lines of any view, and the receiver knows it by its name. */
function ofAnyView(destination: string): string {
  return `${destination} sees events through a view, and the object may hold lines of another one: replay --source journal --destination ${destination} brings its events`;
}

function ended(events: number, failures: readonly string[]): SendOutcome {
  return { events, late: 0, failures, interrupted: false };
}

function toDestination(deployed: DeployedDestination, { relay, late }: SenderOptions): DeliverySettings {
  const { stage, clients } = relay;
  return {
    name: deployed.name,
    format: createLineFormat(deployed.format, stage, deployed.formatOptions ?? {}),
    packing: deployed.packing,
    compressRecords: deployed.compressRecords ?? false,
    ages: deployed.ages && { ...deployed.ages, hold: !late },
    sink: createFirehoseSink({ client: clients.firehose, deliveryStreamName: deployed.deliveryStream }),
    quotaBytesPerSecond: deployed.quotaMiBPerSecond * 1024 * 1024,
  };
}
