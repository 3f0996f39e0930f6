import { createBucket } from '../access/bucket.ts';
import { streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { between, type Moment, matching, moment } from '../arguments/forms.ts';
import { defineCommand } from '../command.ts';
import { findEvents, mostFound } from '../evidence/find-events.ts';
import { openKeptViews } from '../evidence/kept-views.ts';
import type { SearchedDamage } from '../evidence/search-damaged.ts';
import { describeDamage, describeTrace } from '../evidence/show-found.ts';
import type { SoughtEvent } from '../evidence/sought-event.ts';
import { type Trace, traceEvent } from '../evidence/trace-event.ts';
import type { TimeRange } from '../replay/waiting.ts';

const flags = {
  'event-id': {
    value: 'ID',
    form: matching(/^[0-9a-f]{32}$/i, 'an event id of 32 hexadecimal digits'),
    text: `the id that the SIEM shows, 32 hexadecimal digits, also one that a view has keyed, where you may read the key; the whole
journal is searched, newest day first, unless --from or --to narrows the search`,
  },
  contains: {
    value: 'TEXT',
    with: ['at', 'from'],
    text: "a part of the event's own text, as Mosaic sent it",
  },
  at: {
    value: 'TIME',
    form: moment,
    not: ['from', 'to'],
    text: 'about when the event happened; batches that were collected from an hour before until three hours after are searched',
  },
  from: { value: 'TIME', form: moment, text: 'search batches that were collected from this time on' },
  to: {
    value: 'TIME',
    form: moment,
    text: 'search batches that were collected before this time; now by default',
  },
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  json: { text: 'print the result as one object' },
  ...relayFlags,
} as const satisfies Flags;

/** Time before the collecting that an event may have happened: some minutes, or hours where Mosaic held a backlog. */
const beforeMs = 3_600_000;
const afterMs = 3 * 3_600_000;

export const command = defineCommand({
  name: 'relay find',
  synopsis: ['--event-id ID [options]', '--at TIME --contains TEXT [options]'],
  about: `Shows where an event is: when the event was journaled and by which run, which destinations it was delivered to and
in which objects it lies there, and whether it lies in quarantine or in a backup object. At most ${mostFound} events are shown.
Batches that are not arrays of events are searched for the text too. The result names batches that could not be
searched.`,
  flags,
  either: [['event-id', 'contains']],
  exitCodes: '0 found, 1 not found, 2 wrong use or nothing to work on',
  examples: [
    'relay find --stage prod --event-id 3f0c0d7fd1a84b1f8d4f2f0e6f2b9c11',
    `relay find --stage prod --at 2026-03-02T08:15:00Z --contains '"user_id":"u-17"'`,
    'relay find --local --at -30m --contains create_user',
  ],
  details: `Each delivered line has the id of its event: _relay.id, at Splunk the field event_id. --at and --contains find events without one,
and print their ids: of a local run, too, whose lines come to out/ when it ends. Its times are those of its virtual clock, which
relay status --local shows.`,

  async run(given, terminal) {
    const wanted = wantedFrom(given);
    const relay = await openRelay(given);
    try {
      const range = rangeFrom(given, relay.now());
      const streams = streamsOf(relay, given.stream);
      const bucket = createBucket(relay.clients.s3, relay.bucket);
      const traces: Trace[] = [];
      const damaged: SearchedDamage[] = [];
      const problems = new Set<string>();
      let searched = 0;
      for (const stream of streams) {
        const looked = { sought: `the journal of ${stream.label}`, where: relay.place };
        await explainingFailure(looked, async () => {
          const keys = await openKeptViews(relay, stream).keys();
          for (const { problem } of keys) if (problem !== undefined) problems.add(problem);
          const found = await findEvents(bucket, stream, {
            wanted,
            range,
            keys,
            signal: terminal.interrupted,
          });
          searched += found.searched;
          damaged.push(...found.damaged);
          for (const event of found.events) traces.push(await traceEvent(relay, stream, { event, keys }));
        });
      }
      for (const problem of problems)
        terminal.problem(`relay find: ${problem}: ids that are made with it were not looked for`);
      const isFound = traces.length > 0 || damaged.some(({ holds }) => holds === true);
      const told = [...traces.map(describeTrace), ...describeDamage(damaged)];
      if (!isFound) told.unshift(notFound(searched, relay.place));
      terminal.out(
        given.json
          ? JSON.stringify({ place: relay.place, searchedBatches: searched, events: traces, damaged })
          : told.join('\n\n'),
      );
      return isFound ? 0 : 1;
    } finally {
      relay.close();
    }
  },
});

function wantedFrom({ 'event-id': eventId, contains }: Values<typeof flags>): SoughtEvent {
  return eventId === undefined ? { contains: contains! } : { eventId: eventId.toLowerCase() };
}

function rangeFrom({ at, from, to }: Values<typeof flags>, now: number): TimeRange | undefined {
  if (at !== undefined) return { from: at.at(now) - beforeMs, to: at.at(now) + afterMs };
  if (from === undefined && to === undefined) return undefined;
  return between(from ?? theBeginning, to ?? theEnd, now);
}

const theBeginning: Moment = { text: '1970-01-01', at: () => 0 };
const theEnd: Moment = { text: 'now', at: (now) => now };

function notFound(searched: number, place: string): string {
  return `not found in ${searched.toLocaleString('en')} batches of ${place}`;
}
