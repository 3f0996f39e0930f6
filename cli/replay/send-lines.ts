import { createFirehoseSink } from '../../functions/collector/adapters/firehose-sink.ts';
import { deliver } from '../../functions/collector/delivery/deliver.ts';
import type { DeliverySettings } from '../../functions/collector/delivery/delivery-settings.ts';
import { createDeliveryFlow } from '../../functions/collector/delivery/flow.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import type { Clock } from '../../functions/collector/protocol/ports/clock.ts';
import type { DeliverOptions } from '../../functions/collector/protocol/ports/destination.ts';
import {
  type DeployedDestination,
  type DeployedRelay,
  type DeployedStream,
  destinationOf,
} from '../access/deployed-relay.ts';
import { type Lines, someLines } from './lines.ts';
import type { Marks } from './marks.ts';
import type { SendOutcome } from './send-outcome.ts';
import type { Opened, ReplaySource } from './waiting.ts';

/** Sends at a pace, in parts that are remembered, and leaves a destination that refuses. */
export interface Sender {
  /** How many of the events a destination has not got. */
  left(lines: Lines, place: Place): Promise<number>;
  lines(lines: Lines, place: Place): Promise<SendOutcome>;
  message(message: Opened & { readonly kind: 'message' }, place: Place): Promise<SendOutcome>;
}

export interface Place {
  readonly source: ReplaySource;
  readonly key: string;
  readonly destination: string;
  /** Whether it is done with when its lines are sent; false where something in it could not be read. */
  readonly final: boolean;
}

export interface SenderOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly rate?: number;
  readonly clock: Clock;
  /** Ends it after what is in hand. */
  readonly signal: AbortSignal;
  readonly marks: Marks;
}

/** The most events that are sent before it is remembered that they were. */
const chunkEvents = 1_000;
/** How long one refused part is tried. */
const patienceMs = 60_000;
/** Of the delivery quota, unless a rate is given: fresh events and the sweep go first. */
const quotaShare = 0.25;

export function createSender(options: SenderOptions): Sender {
  const { stream, marks, signal, clock, rate } = options;
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? createLane(destinationOf(stream, name), options);
    lanes.set(name, lane);
    return lane;
  };
  const chunk = Math.min(chunkEvents, Math.max(1, Math.ceil(rate ?? chunkEvents)));

  return {
    async left({ batch }, { key, destination }) {
      return batch.cut.count - (await marks.part(destination, key)).events;
    },
    async lines(lines, place) {
      const { key, destination } = place;
      const lane = laneOf(destination);
      const { count } = lines.batch.cut;
      const before = await marks.part(destination, key);
      const oversized: string[] = [];
      const so = (to: number, failures: readonly string[]): SendOutcome =>
        ended(to - before.events - oversized.length, [...failures, ...oversized]);
      const soFar = (events: number) => ({ events, oversized: before.oversized + oversized.length });
      for (let from = before.events; from < count; from += chunk) {
        if (lane.refusal !== undefined) return so(from, [lane.refusal]);
        const to = Math.min(count, from + chunk);
        await lane.pace(to - from);
        if (signal.aborted) return { ...so(from, []), interrupted: true };
        const sent = await lane.send(someLines(lines, from, to));
        lane.refusal = sent.refusal;
        if (sent.refusal !== undefined) return so(from, [sent.refusal]);
        oversized.push(...sent.oversized);
        if (to < count) await marks.setPart(destination, key, soFar(to));
      }
      const { oversized: left } = soFar(count);
      if (place.source === 'journal' || (place.final && left === 0)) await marks.set(destination, key);
      // What is left alone is tried anew each time: the destination's settings may have changed.
      else if (left < count) await marks.setPart(destination, key, soFar(count));
      return so(count, before.oversized === 0 ? [] : [`${before.oversized} of its events are too large`]);
    },
    async message({ events, send }, { destination }) {
      await laneOf(destination).pace(events);
      if (signal.aborted) return { ...ended(0, []), interrupted: true };
      await send();
      return ended(events, []);
    },
  };

  function createLane(deployed: DeployedDestination, { relay }: SenderOptions): Lane {
    const destination = toDestination(deployed, relay);
    const flow = createDeliveryFlow(destination.quotaBytesPerSecond, {
      clock,
      signal,
      share: () => (rate === undefined ? quotaShare : 1),
    });
    // One event is one unit of this flow, as one byte is of the other.
    const eventsFlow =
      rate === undefined || rate === Number.POSITIVE_INFINITY
        ? undefined
        : createDeliveryFlow(rate, { clock, signal });
    return {
      refusal: undefined,
      pace: async (events) => eventsFlow?.wait(events),
      async send(lines) {
        const oversized: string[] = [];
        const means: DeliverOptions = {
          type: stream.type,
          clock,
          // Never ended half-way, so that what was sent is known.
          signal: new AbortController().signal,
          patienceMs,
          throttlePatienceMs: patienceMs,
          flow,
          quarantine: {
            quarantine: async ({ reason, bytes }) =>
              void oversized.push(`${reason}: an event of ${bytes.length} bytes`),
          },
        };
        const format = lines.format(destination.format);
        const outcome = await deliver(lines.batch, { ...destination, format }, means);
        if (outcome.kind === 'delivered') return { refusal: undefined, oversized };
        const why = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
        return { refusal: `${destination.name} refuses (${why}): nothing more was sent to it`, oversized };
      },
    };
  }
}

interface Lane {
  /** Why nothing more is sent to it. */
  refusal: string | undefined;
  /** Waits until so many events may be sent. */
  readonly pace: (events: number) => Promise<void>;
  /** @returns why it was refused, if it was, and what no record can hold */
  readonly send: (
    lines: Lines,
  ) => Promise<{ readonly refusal: string | undefined; readonly oversized: readonly string[] }>;
}

function ended(events: number, failures: readonly string[]): SendOutcome {
  return { events, failures, interrupted: false };
}

function toDestination(deployed: DeployedDestination, { stage, clients }: DeployedRelay): DeliverySettings {
  return {
    name: deployed.name,
    format: createLineFormat(deployed.format, stage, deployed.formatOptions ?? {}),
    packing: deployed.packing,
    compressRecords: deployed.compressRecords ?? false,
    sink: createFirehoseSink({ client: clients.firehose, deliveryStreamName: deployed.deliveryStream }),
    quotaBytesPerSecond: deployed.quotaMiBPerSecond * 1024 * 1024,
  };
}
