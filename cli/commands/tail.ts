import { setTimeout as sleep } from 'node:timers/promises';
import { eventTypes } from '../../functions/collector/contract.ts';
import { createBucket } from '../access/bucket.ts';
import {
  type DeployedRelay,
  type DeployedStream,
  destinationOf,
  streamsOf,
} from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { listOf, moment } from '../arguments/forms.ts';
import { CommandError, defineCommand } from '../command.ts';
import { readableDestinationOf } from '../evidence/readable-destination.ts';
import { deliveredEvents } from '../tail/delivered-events.ts';
import { journaledEvents } from '../tail/journaled-events.ts';
import { eventJson, eventText, type PassingEvent, passes } from '../tail/passing-event.ts';

const flags = {
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  destination: {
    value: 'NAME',
    with: ['stream'],
    text: 'show the lines that this destination of the stream was delivered, in place of the journaled events',
  },
  type: {
    value: 'A,B',
    form: listOf(eventTypes),
    text: `only streams of these types: ${eventTypes.join(', ')}`,
  },
  activity: { value: 'NAME', text: 'only events of this activity; * at its end stands for any rest' },
  contains: { value: 'TEXT', text: 'only events whose text has this part' },
  since: {
    value: 'TIME',
    form: moment,
    default: 'now',
    text: 'events that were collected from this time on',
  },
  once: { text: 'end after what is there already, in place of waiting for more' },
  json: { text: 'print one object per event and line' },
  ...relayFlags,
} as const satisfies Flags;
type Given = Values<typeof flags>;

export const command = defineCommand({
  name: 'relay tail',
  synopsis: ['[--stream ID [--destination NAME]] [--type A,B] [--activity NAME] [--contains TEXT] [options]'],
  about: `Prints events as they are journaled, a line each, until Ctrl-C: when the event was collected, its stream, its activity, and the
event as Mosaic sent it. With --destination it prints the lines as they were delivered to S3 or Google Cloud Storage; what other receivers
hold cannot be read from here. The command acts with the rights of whoever calls it, so that nobody sees an event who may not read it in the
journal or at the destination: the role of journalReaders may read the journal.`,
  flags,
  exitCodes: '0 done, 2 wrong use, or nothing that may be read',
  examples: [
    'relay tail --stage prod --stream cis',
    "relay tail --stage prod --type cis,admin --activity 'login_*' --since -10m",
    'relay tail --local --stream cis --destination s3 --since -1h --once',
  ],
  details: `The journal is listed about every two seconds, and each of its batches is read once; a run journals its answers while it
collects, so that an event shows within seconds of its collection. A destination shows an event when its delivery stream has written the
object, minutes later. Events of one batch stay together, in Mosaic's order.`,

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const from = given.since.at(relay.now());
      const { interrupted } = terminal;
      const looked = { sought: 'events', where: relay.place };
      await explainingFailure(looked, async () => {
        const sources = await sourcesOf(given, relay, from);
        do {
          for (const events of sources) {
            for await (const event of events()) {
              if (interrupted.aborted) return;
              if (passes(given, event))
                terminal.out(given.json ? JSON.stringify(eventJson(event)) : eventText(event));
            }
          }
          if (given.once) return;
          await sleep(everyMs, undefined, { signal: interrupted }).catch(() => undefined);
        } while (!interrupted.aborted);
      });
      return 0;
    } finally {
      relay.close();
    }
  },
});

const everyMs = 2_000;

/** Where events come from, each to be read again and again. */
async function sourcesOf(
  given: Given,
  relay: DeployedRelay,
  from: number,
): Promise<readonly (() => AsyncIterable<PassingEvent>)[]> {
  const streams = streamsOf(relay, given.stream).filter(
    ({ type }) => given.type === undefined || given.type.includes(type),
  );
  if (streams.length === 0) throw new CommandError(`no stream of ${relay.place} is of these types`);
  if (given.destination !== undefined)
    return Promise.all(streams.map((stream) => deliveredTo(given.destination!, { stream, relay, from })));
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  return streams.map((stream) => journaledEvents(bucket, stream, from));
}

/** @throws {CommandError} where the destination's receiver cannot be read */
async function deliveredTo(
  name: string,
  {
    stream,
    relay,
    from,
  }: { readonly stream: DeployedStream; readonly relay: DeployedRelay; readonly from: number },
): Promise<() => AsyncIterable<PassingEvent>> {
  const destination = destinationOf(stream, name);
  const readable = await readableDestinationOf(destination, relay, stream);
  if (readable !== undefined) {
    // A local run's clock stood still when it was written down, and an object may come for as long as this goes on.
    const openedAt = { clock: relay.now(), real: Date.now() };
    const now = () => Math.max(relay.now(), openedAt.clock + lookAheadMs + (Date.now() - openedAt.real));
    return deliveredEvents(readable, stream, { from, now });
  }
  throw new CommandError(
    `what ${name} of ${stream.label} holds cannot be read from here, since it is of the kind ${destination.kind}; without --destination the journal is shown`,
  );
}

const lookAheadMs = 3_600_000;
