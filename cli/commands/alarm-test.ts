import { type AlarmName, alarmNameOf, type Severity, severities } from '../../infra/config/alarm-names.ts';
import { streamOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import { openAlarms } from '../alarms/alarms.ts';
import { testPager } from '../alarms/test-pager.ts';
import type { Flags } from '../arguments/flag.ts';
import { oneOf } from '../arguments/forms.ts';
import { CommandError, defineCommand } from '../command.ts';
import { consent, yesFlag } from '../consent.ts';

const flags = {
  stream: {
    value: 'ID',
    text: "whose alarm is set, by the stream's name in the settings or by Mosaic's id; the first stream by default",
  },
  severity: {
    value: 'NAME',
    form: oneOf(severities),
    not: ['alarm'],
    text: 'whose path is tested: of urgent alarms, which is meant where nothing is said, or of those that can wait',
  },
  alarm: { value: 'NAME', text: 'which alarm is set instead, by its name in docs/runbook.md' },
  yes: yesFlag,
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay alarm-test',
  synopsis: ['[--stream ID] [--severity NAME | --alarm NAME] [options]'],
  about: `Tests whether a page arrives. The command sets one alarm of a stream, which notifies the topic of its severity,
and prints who is subscribed to that topic. The test pages a person, so the command says so and asks first. CloudWatch sets the alarm back when it next evaluates it.`,
  flags,
  exitCodes:
    '0 the path is whole, 1 a part of the path is missing or the question was answered with no, 2 wrong use, nothing to work on, or nobody to ask and no --yes',
  examples: ['relay alarm-test --stage prod', 'relay alarm-test --stage prod --severity waiting --yes'],

  async run(given, terminal) {
    const relay = await openRelay(given);
    const alarms = openAlarms(relay);
    try {
      const stream = given.stream === undefined ? relay.streams[0] : streamOf(relay, given.stream);
      if (stream === undefined)
        throw new CommandError(`${relay.place} has no stream, and so no alarm of one`);
      const name = given.alarm ?? tested[given.severity ?? 'urgent'];
      const alarm = alarmNameOf(relay.stackName, { stream: stream.name }, name);
      await consent(
        `This sets the alarm ${alarm} to ALARM, and pages everybody who is subscribed to its topic`,
        'no alarm was set',
        { ...given, terminal },
      );
      const { said, gaps } = await testPager(alarms, alarm);
      for (const line of said) terminal.out(line);
      for (const line of gaps) terminal.problem(`relay alarm-test: ${line}`);
      return gaps.length === 0 ? 0 : 1;
    } finally {
      alarms.close();
      relay.close();
    }
  },
});

/** The alarm of each severity that is set where none is named. */
const tested: Readonly<Record<Severity, AlarmName>> = { urgent: 'Failing', waiting: 'Paused' };
