import { streamsOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags, streamOrAllFlags } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand } from '../command.ts';
import { describeSchedule } from '../schedules/describe-schedule.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';

const flags = {
  ...streamOrAllFlags,
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay resume',
  synopsis: ['(--stream ID | --all) [options]'],
  about: "Turns a stream's collect schedule on again, after npx relay pause.",
  flags,
  either: [['stream', 'all']],
  exitCodes: '0 done, 2 wrong use or nothing to work on',
  examples: ['relay resume --stage prod --stream cis', 'relay resume --stage prod --all'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    const schedules = openSchedules(relay);
    try {
      for (const stream of streamsOf(relay, given.stream)) {
        const changed = await schedules.turn(stream, true);
        const schedule = describeSchedule(await schedules.read(stream));
        terminal.out(`${stream.label}: ${changed ? 'resumed' : 'was not paused'}; it collects ${schedule}`);
      }
      return 0;
    } finally {
      schedules.close();
      relay.close();
    }
  },
});
