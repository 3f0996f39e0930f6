import { createBucket } from '../access/bucket.ts';
import { streamOf } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { type Command, CommandError } from '../command.ts';
import { findEvents, mostFound, type Wanted } from '../evidence/find-events.ts';
import type { SearchedDamage } from '../evidence/search-damaged.ts';
import { describeDamage, describeTrace } from '../evidence/show-found.ts';
import { type Trace, traceEvent } from '../evidence/trace-event.ts';
import { type Arguments, checkTimes, moment, readArguments } from '../read-arguments.ts';
import type { TimeRange } from '../replay/waiting.ts';

const flags = {
  ...relayFlags,
  stream: { value: 'ID' },
  'event-id': { value: 'ID' },
  at: { value: 'TIME' },
  contains: { value: 'TEXT' },
  from: { value: 'TIME' },
  to: { value: 'TIME' },
  json: {},
} as const;

/** An event is collected some minutes after it happened, or hours where there was a backlog. */
const beforeMs = 3_600_000;
const afterMs = 3 * 3_600_000;

export const command: Command = {
  usage: `Usage: relay find --event-id ID [options]
       relay find --at TIME --contains TEXT [options]

Tells where an event is: when it was journaled, and by which run; what it was delivered to, and which objects hold it
there; whether it lies in quarantine or in a backup object. At most ${mostFound} events are told of. Batches that are no
arrays of events are searched for the text too; those that cannot be searched are named.

  --event-id ID     the id that the SIEM shows: 32 hexadecimal digits. Searches the whole journal, newest day first,
                    unless --from or --to narrows it
  --contains TEXT   some of the event's own text, as Mosaic sent it
  --at TIME         when it happened, about: searches what was collected from an hour before until three hours after
  --from, --to TIME search what was collected then, instead of --at
  --stream ID       only this one, by its name in the settings or Mosaic's id
  --json            what was found as one object
${relayFlagsUsage}

Times are ISO 8601, or so long ago, as -2h, -30m, -7d.
Exit codes: 0 found, 1 not found, 2 wrong use or nothing to work on.

Example: relay find --stage prod --at 2026-03-02T08:15:00Z --contains '"user_id":"u-17"'`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const wanted = wantedFrom(given);
    checkTimes(given);
    const relay = await openRelay(given);
    try {
      const range = rangeFrom(given, relay.now());
      const streams = given.stream === undefined ? relay.streams : [streamOf(relay, given.stream)];
      const bucket = createBucket(relay.clients.s3, relay.bucket);
      const traces: Trace[] = [];
      const damaged: SearchedDamage[] = [];
      let searched = 0;
      for (const stream of streams) {
        const looked = { sought: `the journal of ${stream.name}`, where: relay.place };
        await foreseen(looked, async () => {
          const found = await findEvents(bucket, stream, { wanted, range, signal: terminal.interrupted });
          searched += found.searched;
          damaged.push(...found.damaged);
          for (const event of found.events) traces.push(await traceEvent(relay, stream, event));
        });
      }
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
};

function wantedFrom({ 'event-id': eventId, contains, at, from }: Arguments<typeof flags>): Wanted {
  if ((eventId === undefined) === (contains === undefined)) {
    throw new CommandError('say either --event-id ID, or --at TIME with --contains TEXT; --help tells more');
  }
  if (eventId !== undefined) {
    if (/^[0-9a-f]{32}$/i.test(eventId)) return { eventId: eventId.toLowerCase() };
    throw new CommandError(`--event-id "${eventId}" is not 32 hexadecimal digits`);
  }
  if (at === undefined && from === undefined)
    throw new CommandError('--contains needs --at TIME, or --from TIME');
  return { contains: contains! };
}

function rangeFrom({ at, from, to }: Arguments<typeof flags>, now: number): TimeRange | undefined {
  if (at !== undefined) {
    if (from !== undefined || to !== undefined) throw new CommandError('--at goes without --from and --to');
    const time = moment('at', at, now);
    return { from: time - beforeMs, to: time + afterMs };
  }
  if (from === undefined && to === undefined) return undefined;
  const range = {
    from: from === undefined ? 0 : moment('from', from, now),
    to: to === undefined ? now : moment('to', to, now),
  };
  if (range.from < range.to) return range;
  throw new CommandError(`--from ${from} is not before --to ${to ?? 'now'}`);
}

function notFound(searched: number, place: string): string {
  return `not found in ${searched.toLocaleString('en')} batches of ${place}`;
}
