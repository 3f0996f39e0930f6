import { streamsOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { moment } from '../arguments/forms.ts';
import { CommandError, defineCommand } from '../command.ts';
import { followLogs } from '../logs/follow-logs.ts';
import { logGroupsOf } from '../logs/log-groups.ts';
import { isAccounting, isError, lineJson, lineText } from '../logs/log-line.ts';
import { merged, NoLogGroup, readGroup } from '../logs/read-logs.ts';
import { painter } from '../text.ts';

const flags = {
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  since: { value: 'TIME', form: moment, default: '-1h', text: 'lines from this time on' },
  follow: { text: 'go on with what is written from now on, until Ctrl-C' },
  errors: { text: 'only failures and warnings, and what Firehose could not deliver' },
  json: { text: 'print each line as it was written, with its time, log group and log stream' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay logs',
  synopsis: ['[--stream ID] [--since TIME] [--follow] [--errors] [options]'],
  about: `Prints the logs of the stage in the order of their times, a line each: those of its collectors and copiers, what Firehose
wrote of each destination and, for the whole stage, those of the stream lifecycle. Metrics and the accounts that Lambda writes of an invocation
are left out. No line holds content of an event.`,
  flags,
  exitCodes:
    '0 done, 1 CloudWatch Logs ended the reading (one line says so), 2 wrong use or nothing to work on',
  examples: [
    'relay logs --stage prod --stream cis --errors --since -1d',
    'relay logs --stage prod --follow',
    'relay logs --local --since -2h',
  ],
  details: `The lines come from CloudWatch Logs, by logs:FilterLogEvents on the log groups of the stage. With --follow the command asks each of
them again about every two seconds; Logs takes few calls in a second from an account, so that a stage of many destinations is asked less
often. Each line is printed once. With --local the lines come from the local run, which keeps the last 5,000 of each log group.`,

  async run(given, terminal) {
    const relay = await openRelay(given);
    try {
      const streams = streamsOf(relay, given.stream);
      const paint = painter(terminal.isTerminal);
      const looked = { sought: 'logs', where: relay.place };
      await explainingFailure(looked, async () => {
        const groups = await logGroupsOf(relay, streams, { isWhole: given.stream === undefined });
        const from = given.since.at(relay.now());
        const missing = new Set<string>();
        const read: typeof readGroup = async function* (group, how) {
          try {
            yield* readGroup(group, how);
          } catch (error) {
            if (!(error instanceof NoLogGroup)) throw error;
            if (!missing.has(group.name)) terminal.problem(`relay logs: ${error.message}`);
            missing.add(group.name);
          }
        };
        const { connection } = relay;
        const signal = terminal.interrupted;
        const lines = given.follow
          ? followLogs({
              read: (group, since) => read(group, { connection, from: since }),
              groups,
              from,
              signal,
            })
          : merged(groups.map((group) => read(group, { connection, from })));
        for await (const line of lines) {
          if (signal.aborted) return;
          if (isAccounting(line) || (given.errors && !isError(line))) continue;
          terminal.out(given.json ? JSON.stringify(lineJson(line)) : lineText(line, paint));
        }
      });
      return 0;
    } catch (error) {
      throw await told(given, error);
    } finally {
      relay.close();
    }
  },
});

/** The message for an operator: that a local run ended while it was followed, or the refusal of Logs in its own words. */
async function told(given: Values<typeof flags>, error: unknown): Promise<unknown> {
  if (error instanceof CommandError || !(error instanceof Error) || !('$fault' in error)) return error;
  try {
    (await openRelay(given)).close();
    return Object.assign(new CommandError(error.message, 1), { cause: error });
  } catch (gone) {
    return gone instanceof CommandError ? gone : error;
  }
}
