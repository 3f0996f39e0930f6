import { alarmNameOf } from '../../infra/config/alarm-names.ts';
import { streamOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import { openAlarms } from '../alarms/alarm-tree.ts';
import { testPager } from '../alarms/test-pager.ts';
import type { Flags } from '../arguments/flag.ts';
import { CommandError, defineCommand } from '../command.ts';

const flags = {
  stream: {
    value: 'ID',
    text: "whose alarm is set, by the stream's name in the settings or by Mosaic's id; the first stream by default",
  },
  alarm: { value: 'NAME', default: 'Failing', text: 'which alarm is set, by its name in docs/runbook.md' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay alarm-test',
  synopsis: ['[--stream ID] [--alarm NAME] [options]'],
  about: `Tests whether a page arrives. The command sets one alarm of a stream, waits until the alarm over the stream and
the alarm over the stage follow, and prints who is subscribed to them. Somebody is paged. CloudWatch sets the alarm back
when it next evaluates it.`,
  flags,
  exitCodes: '0 the path is whole, 1 a part of the path is missing, 2 wrong use or nothing to work on',
  examples: ['relay alarm-test --stage prod'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    const alarms = openAlarms(relay);
    try {
      const stream = given.stream === undefined ? relay.streams[0] : streamOf(relay, given.stream);
      if (stream === undefined)
        throw new CommandError(`${relay.place} has no stream, and so no alarm of one`);
      const { stackName } = relay;
      const of = { stream: stream.name };
      const path = {
        alarm: alarmNameOf(stackName, of, given.alarm),
        over: [alarmNameOf(stackName, of), alarmNameOf(stackName, {})],
      };
      const { said, gaps } = await testPager(alarms, path, terminal.interrupted);
      for (const line of said) terminal.out(line);
      for (const line of gaps) terminal.problem(`relay alarm-test: ${line}`);
      return gaps.length === 0 ? 0 : 1;
    } finally {
      alarms.close();
      relay.close();
    }
  },
});
