// A stand-in for Transmit Security's Mosaic, after its "Event Streaming" API reference (v1) and the guide "About
// events streaming", https://developer.transmitsecurity.com/openapi/risk/activities.openapi; none of it is theirs.

import { answerCall, type Interfere } from './answer-call.ts';
import type { CallRecord } from './call-log.ts';
import { createPlanner } from './call-plan.ts';
import { writeText } from './contract-answers.ts';
import { type EventType, eventTypes } from './event-types.ts';
import { createEventWriter } from './events/event-bytes.ts';
import type { EventStyle } from './events/event-text.ts';
import { createKeepWaiting } from './keep-waiting.ts';
import { createRaisedEvents, type RaisedEvents } from './raised-events.ts';
import { createRandom, draw } from './random.ts';
import { startServer } from './server.ts';
import type { SimulatorClock } from './simulator-clock.ts';
import type { StoryEvent } from './story/story-event.ts';
import type { Stream } from './stream.ts';
import { readSwitches } from './switches.ts';
import { backlogOf, createTenant } from './tenant.ts';
import { createTokens } from './tokens.ts';

export interface SimulatorOptions {
  /** The only source of time: tokens, retention and timestamps follow it. */
  readonly clock: SimulatorClock;
  /** Decides every event and every draw of the switches. */
  readonly seed: number;
  /** Names in `switches.ts`, each with a number where it takes one: `slow-by-size=50`. */
  readonly switches: readonly string[];
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** About how long an event is on average; 1,200 by default. */
  readonly averageBytes?: number;
  /** True leaves out the members that no document names; false by default. */
  readonly documentedOnly?: boolean | undefined;
  /** Makes so many events of each type, and all others by putting ids and times of their own into those. */
  readonly variety?: number;
  /** Streams that the tenant may have at once; 100 by default, 1 with the switch `quota`. */
  readonly streamQuota?: number;
  /** Milliseconds that every call takes; 0 by default. */
  readonly latencyMs?: number;
  /** A free one by default. */
  readonly port?: number;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Asked about every call before anything else; what it answers goes before the switches. */
  readonly interfere?: Interfere;
}

export interface Simulator extends Omit<RaisedEvents, 'bytesOf' | 'oldestWaitMs'> {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Raises events now, their own timestamps spread over the time before; streams that exist get each a copy. */
  generate(type: EventType, count: number, options?: { readonly overPastMs?: number }): void;
  /** The longest that an event of the stream has waited to be read, or waits by now. */
  oldestWaitMs(stream: string): number;
  /** Raises events of a type from now on, at random moments of the clock, as many a second on average. */
  trickle(type: EventType, options: { readonly eventsPerSecond: number; readonly forMs: number }): void;
  /**
   * Raises each event of a story at its own time from now on; with `published-late`, so much later. Events of types
   * that trickle cannot be told.
   */
  tell(story: readonly StoryEvent[]): void;
  /** Every stream there ever was, in the order of creation. */
  streams(): readonly StreamView[];
  readonly calls: readonly CallRecord[];
  /** Faults of the simulator itself; empty unless it is wrong. */
  readonly faults: readonly unknown[];
  /** From now on the token endpoint wants this secret; tokens that are out stay good. */
  rotateSecret(clientSecret: string): void;
  revokeTokens(): void;
  /** As if somebody else had done so. */
  stopCollect(type: EventType): void;
  deleteStream(type: EventType, id: string): void;
  /** Ends every connection; nothing keeps the process alive afterwards. */
  close(): Promise<void>;
}

export interface StreamView {
  readonly type: EventType;
  readonly id: string;
  readonly createdAt: number;
  readonly deletedAt: number | undefined;
  readonly enriched: boolean;
  readonly retentionMs: number;
  /** Events that wait to be read. */
  readonly backlog: number;
}

/**
 * Starts Mosaic on a port of 127.0.0.1, with no collection started and no stream.
 *
 * @throws when a switch is unknown, or the port is taken
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, seed } = options;
  const switches = readSwitches(options.switches);
  const clientId = options.clientId ?? 'relay-local';
  let clientSecret = options.clientSecret ?? `secret-${Math.floor(draw(seed, 'secret') * 1e9)}`;
  const style: EventStyle = {
    seed,
    averageBytes: options.averageBytes ?? 1200,
    snakeParams: switches.has('snake-params'),
    pretty: switches.has('pretty'),
    large: switches.has('large-events'),
    oversize: switches.has('oversize-events'),
    unreadableTimestamps: switches.has('unreadable-timestamps'),
    documentedOnly: options.documentedOnly ?? false,
  };
  const tenant = createTenant(options.streamQuota ?? (switches.has('quota') ? 1 : 100), () => clock.now());
  const tokens = createTokens(clock, clientId);
  const writer = createEventWriter(style, options.variety);
  const publishedLateMs = (switches.get('published-late') ?? 0) * 1000;
  const raised = createRaisedEvents(tenant, writer, publishedLateMs);
  const calls: CallRecord[] = [];
  const faults: unknown[] = [];
  const closing = new AbortController();

  const server = await startServer({
    port: options.port ?? 0,
    tls: options.tls,
    onFault: (error) => faults.push(error),
    handle: answerCall({
      api: {
        tenant,
        tokens,
        switches,
        seed,
        write: writeText({ json: switches.has('json-bodies') }),
        bytesOf: raised.bytesOf,
      },
      clock,
      calls,
      planner: createPlanner(seed, switches),
      interfere: options.interfere,
      latencyMs: options.latencyMs ?? 0,
      client: () => ({ clientId, clientSecret }),
      waiting: createKeepWaiting(clock, closing.signal),
    }),
  });

  return {
    url: server.url,
    clientId,
    get clientSecret() {
      return clientSecret;
    },
    generate: (type, count, { overPastMs = 0 } = {}) =>
      tenant.topics[type].raise(count, { now: clock.now(), overPastMs }),
    trickle: (type, { eventsPerSecond, forMs }) =>
      tenant.topics[type].trickle({
        eventsPerSecond,
        until: clock.now() + forMs,
        random: createRandom('trickle', seed, type),
      }),
    tell(story) {
      const late = story.map((event) => ({ ...event, at: event.at + publishedLateMs }));
      for (const type of eventTypes) tenant.topics[type].tell(late.filter((event) => event.type === type));
    },
    generated: raised.generated,
    generatedCount: raised.generatedCount,
    oldestWaitMs: (stream) => raised.oldestWaitMs(stream, clock.now()),
    ledger: raised.ledger,
    recognise: raised.recognise,
    streams: () =>
      tenant.streams.map((stream) => viewOf(stream, backlogOf(stream, tenant.topics[stream.type]))),
    calls,
    faults,
    rotateSecret(secret) {
      clientSecret = secret;
    },
    revokeTokens: () => tokens.revokeAll(),
    stopCollect: (type) => tenant.stopCollect(type, clock.now()),
    deleteStream(type, id) {
      const stream = tenant.findStream(type, id);
      if (stream === undefined) throw new Error(`there is no stream ${type}/${id}`);
      tenant.deleteStream(stream, clock.now());
    },
    close() {
      closing.abort();
      return server.close();
    },
  };
}

function viewOf(stream: Stream, backlog: number): StreamView {
  const { type, id, createdAt, deletedAt, enriched, retentionMs } = stream;
  return { type, id, createdAt, deletedAt, enriched, retentionMs, backlog };
}
