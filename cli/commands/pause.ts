import { streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, stateOf, streamOrAllFlags } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand } from '../command.ts';
import { consent, yesFlag } from '../consent.ts';
import { pauseWarning, strictestLimit } from '../receiver-limit.ts';
import { keptMs, keptUntil } from '../schedules/kept-until.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';
import { dateText, durationText, plural } from '../text.ts';

const flags = {
  ...streamOrAllFlags,
  yes: { ...yesFlag, with: ['all'], text: 'with --all: do not ask before it is done' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay pause',
  synopsis: ['(--stream ID | --all) [options]'],
  about: `Turns a stream's collect schedule off. A run that has begun goes on to its end, and the sweep goes on
delivering journaled batches. Mosaic keeps uncollected events for a day from the last run that read the stream empty;
its reference promises no more. The command prints until when. The schedule's description is marked, by which
sweeps know that the pause is meant: the alarm Paused goes red, and NotRunning and Silent do not. A deploy that
changes the schedule turns it on again, and any other deploy leaves it off. Before --all the command says which streams it pauses,
and asks.`,
  flags,
  either: [['stream', 'all']],
  exitCodes:
    '0 done, 1 the question was answered with no, 2 wrong use, nothing to work on, or nobody to ask and no --yes',
  examples: ['relay pause --stage prod --stream cis', 'relay pause --stage prod --all --yes'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    const schedules = openSchedules(relay);
    try {
      const streams = streamsOf(relay, given.stream);
      if (given.all) {
        const names = streams.map(({ label }) => label).join(', ');
        const does = `This pauses the collecting of ${plural(streams.length, 'stream')} of ${relay.place} (${names}); Mosaic keeps events that are not collected for a day`;
        await consent(does, 'nothing was paused', { ...given, terminal });
      }
      for (const stream of streams) {
        const changed = await schedules.turn(stream, false);
        const looked = { sought: `the state of stream ${stream.label}`, where: relay.place };
        const meta = await explainingFailure(looked, () => stateOf(relay, stream).meta.readMeta());
        const until = keptUntil(meta?.lastEnd, relay.now());
        const left = until - relay.now();
        const kept =
          left > 0
            ? `Mosaic keeps what is not collected until ${dateText(until)}, ${durationText(left)} from now`
            : `Mosaic may have dropped events since ${dateText(until)}, ${durationText(-left)} ago`;
        terminal.out(`${stream.label}: ${changed ? 'paused' : 'was paused already'}; ${kept}`);
        const limit = strictestLimit(stream.destinations);
        if (limit !== undefined)
          terminal.out(`${stream.label}: ${pauseWarning(limit, until - keptMs, relay.now())}`);
      }
      terminal.out('npx relay resume turns collecting on again; so does a deploy that changes the schedule');
      return 0;
    } finally {
      schedules.close();
      relay.close();
    }
  },
});
