import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import type { Command } from '../command.ts';
import { readArguments } from '../read-arguments.ts';
import { chooseStreams } from '../schedules/choose-streams.ts';
import { describeSchedule } from '../schedules/describe-schedule.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';

const flags = { ...relayFlags, stream: { value: 'ID' }, all: {} } as const;

export const command: Command = {
  usage: `Usage: relay resume (--stream ID | --all) [options]

Turns the collect schedule on again, after relay pause.

  --stream ID       the stream, by its name in the settings or Mosaic's id
  --all             every stream of the stage
${relayFlagsUsage}

Exit codes: 0 done, 2 wrong use or nothing to work on.

Example: relay resume --stage prod --stream cis`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const relay = await openRelay(given);
    const schedules = openSchedules(relay);
    try {
      for (const stream of chooseStreams(relay, given)) {
        const changed = await schedules.turn(stream, true);
        const schedule = describeSchedule(await schedules.read(stream));
        terminal.out(`${stream.name}: ${changed ? 'resumed' : 'was not paused'}; it collects ${schedule}`);
      }
      return 0;
    } finally {
      schedules.close();
      relay.close();
    }
  },
};
