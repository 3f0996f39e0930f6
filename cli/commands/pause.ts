import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage, stateOf } from '../access/open-relay.ts';
import type { Command } from '../command.ts';
import { readArguments } from '../read-arguments.ts';
import { chooseStreams } from '../schedules/choose-streams.ts';
import { keptUntil } from '../schedules/kept-until.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';
import { moment, span } from '../text.ts';

const flags = { ...relayFlags, stream: { value: 'ID' }, all: {} } as const;

export const command: Command = {
  usage: `Usage: relay pause (--stream ID | --all) [options]

Turns the collect schedule off. A run that has begun goes on to its end, and what is journaled goes on being
delivered by the sweep. Mosaic keeps what is not collected for a day, as far as its reference can be relied on:
the answer says until when. A deploy that changes the schedule turns it on again.

  --stream ID       the stream, by its name in the settings or Mosaic's id
  --all             every stream of the stage
${relayFlagsUsage}

Exit codes: 0 done, 2 wrong use or nothing to work on.

Example: relay pause --stage prod --stream cis`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const relay = await openRelay(given);
    const schedules = openSchedules(relay);
    try {
      for (const stream of chooseStreams(relay, given)) {
        const changed = await schedules.turn(stream, false);
        const looked = { sought: `the state of stream ${stream.name}`, where: relay.place };
        const meta = await foreseen(looked, () => stateOf(relay, stream).readMeta());
        const until = keptUntil(meta?.lastEnd, relay.now());
        const left = until - relay.now();
        const kept =
          left > 0
            ? `Mosaic keeps what is not collected until ${moment(until)}, ${span(left)} from now`
            : `Mosaic may have dropped events since ${moment(until)}, ${span(-left)} ago`;
        terminal.out(`${stream.name}: ${changed ? 'paused' : 'was paused already'}; ${kept}`);
      }
      terminal.out('relay resume turns it on again; so does a deploy that changes the schedule');
      return 0;
    } finally {
      schedules.close();
      relay.close();
    }
  },
};
