import { alarmNameOf } from '../../infra/config/alarm-names.ts';
import { streamOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { openAlarms } from '../alarms/alarm-tree.ts';
import { testPager } from '../alarms/test-pager.ts';
import { type Command, CommandError } from '../command.ts';
import { readArguments } from '../read-arguments.ts';

const flags = { ...relayFlags, stream: { value: 'ID' }, alarm: { value: 'NAME' } } as const;

export const command: Command = {
  usage: `Usage: relay alarm-test [--stream ID] [--alarm NAME] [options]

Sends one alarm through the pager's path: sets an alarm of a stream, sees the alarm over the stream and the one over
the stage follow, and says who is subscribed to what they tell. Somebody is paged. The alarm goes back by itself
when CloudWatch next judges it.

  --stream ID       whose alarm, by its name in the settings or Mosaic's id; default: the first stream
  --alarm NAME      which, as docs/runbook.md calls it; default: Failing
${relayFlagsUsage}

Exit codes: 0 the path is whole, 1 something stands in the way, 2 wrong use or nothing to work on.

Example: relay alarm-test --stage prod`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    const relay = await openRelay(given);
    const alarms = openAlarms(relay);
    try {
      const stream = given.stream === undefined ? relay.streams[0] : streamOf(relay, given.stream);
      if (stream === undefined)
        throw new CommandError(`${relay.place} has no stream, and so no alarm of one`);
      const { stackName } = relay;
      const of = { stream: stream.name };
      const path = {
        alarm: alarmNameOf(stackName, of, given.alarm ?? 'Failing'),
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
};
