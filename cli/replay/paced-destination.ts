import { createFirehoseSink } from '../../functions/collector/adapters/firehose-sink.ts';
import { deliver } from '../../functions/collector/delivery/deliver.ts';
import type { DeliverySettings } from '../../functions/collector/delivery/delivery-settings.ts';
import { createDeliveryFlow } from '../../functions/collector/delivery/flow.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { findLate } from '../../functions/collector/delivery/late-events.ts';
import type { Clock } from '../../functions/collector/protocol/ports/clock.ts';
import type { DeliverOptions } from '../../functions/collector/protocol/ports/destination.ts';
import type { DeployedDestination, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { deployedView } from './deployed-view.ts';
import { findLateLines } from './late-lines.ts';
import type { Lines } from './lines.ts';

/** A destination that lines are sent to at a pace. */
export interface PacedDestination {
  /** The reason why the destination gets nothing more. */
  refusal: string | undefined;
  /** Waits until so many events may be sent. */
  readonly pace: (events: number) => Promise<void>;
  /** Counts what is too old or too new for the receiver now, by each event as it was journaled. */
  readonly countLate: (lines: Lines) => number;
  readonly send: (lines: Lines) => Promise<SentLines>;
}

export interface SentLines {
  readonly refusal: string | undefined;
  /** A text for each event that no record can hold. */
  readonly oversized: readonly string[];
  /** The indexes of the lines that were too old or too new for the receiver; they were sent only with `late`. */
  readonly late: readonly number[];
}

export interface PacedOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  /** Events per second; absent for a quarter of the delivery quota in bytes. */
  readonly rate?: number;
  /** Late events are sent, too. */
  readonly late?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Milliseconds for which one refused part is tried. */
const patienceMs = 60_000;
/** The share of the delivery quota that a replay without `--rate` takes: fresh events and the sweep go first. */
const quotaShare = 0.25;

export function createPacedDestination(
  deployed: DeployedDestination,
  options: PacedOptions,
): PacedDestination {
  const { relay, stream, rate, clock, signal } = options;
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
    countLate: ({ batch: { cut } }) =>
      destination.ages === undefined ? 0 : findLate(cut, destination.ages, relay.now()).count,
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
        const judged = { ages: destination.ages, view: seenThrough, type: stream.type, now: judgedAt };
        return { refusal: undefined, oversized, late: await findLateLines(lines.batch, judged) };
      }
      const why = outcome.kind === 'refused' ? outcome.reason : outcome.kind;
      return {
        refusal: `${destination.name} refuses (${why}): nothing more was sent to it`,
        oversized,
        late: [],
      };
    },
  };
}

function toDestination(deployed: DeployedDestination, { relay, late }: PacedOptions): DeliverySettings {
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
