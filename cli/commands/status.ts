import { setTimeout as sleep } from 'node:timers/promises';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import { addressOf } from '../access/relay-address.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand, type Terminal } from '../command.ts';
import { showStatus } from '../status/show-status.ts';
import { readStageStatus } from '../status/stage-status.ts';
import { statusLines } from '../status/status-lines.ts';
import { dateText, painter } from '../text.ts';
import type { KnownObjects } from '../waiting/count-objects.ts';
import { isTrouble } from '../waiting/verdict.ts';

const flags = {
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  json: { text: 'print objects, one a line: the stage, each stream, each kept delivery stream' },
  watch: { not: ['json', 'exit-code'], text: 'print it again every 5 seconds, until Ctrl-C' },
  'exit-code': { text: 'exit with 1 unless every verdict is ok or quiet' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay status',
  synopsis: ['[--stream ID] [options]'],
  about: `A verdict of the whole; a line per stream and per destination; and, for everything that somebody has to look
at, what waits where, the red alarms and the command to type next; and the same for each delivery stream that is kept of a
destination which has left the settings, whose verdict counts too. The command reads the stage's table, bucket, schedules, metrics, alarms and queues.
It changes nothing and does not ask Mosaic.`,
  terms: {
    WAITING:
      'events that the receiver has not got: in the journal, in Firehose, in a queue, in dead letters, given up by Firehose, or in quarantine',
    OLDEST: 'for how long the oldest of them has waited since it was collected',
    failing: 'attempts to collect or to deliver fail now',
    'waiting for you': 'something goes no further before somebody acts, or an alarm is red',
    behind: 'something waits for longer than it should, and goes on by itself',
    unknown:
      'the metrics, alarms or delivery streams that would tell cannot be read, as with credentials that may not',
    quiet: 'nothing waits, and Firehose has told of no delivery for an hour',
  },
  flags,
  exitCodes:
    '0 done, 1 with --exit-code where a verdict is neither ok nor quiet, 2 wrong use or nothing to work on',
  examples: [
    'relay status --stage prod --watch',
    'relay status --local --json',
    'relay status --stage prod --exit-code',
  ],
  details: `Of quarantine, backups and the journal up to 100 objects are read for each destination; what is beyond them is
reckoned by its size, and called \`about\`. \`at least\` means that a listing was cut, or an object could not be read. What
Firehose holds is reckoned from the runs that put it. [status.schema.json](status.schema.json) describes the lines of
\`--json\`: numbers of events, times and durations in milliseconds.`,

  async run(given, terminal) {
    const known: KnownObjects = new Map();
    const paint = painter(terminal.isTerminal);
    const clear = given.watch && terminal.isTerminal ? '\u001b[2J\u001b[H' : '';
    let hasTrouble = false;
    do {
      // Opened again for each table: a local run writes its clock, and its end, into its file.
      const relay = await openRelay(given);
      try {
        const options = { only: given.stream, address: addressOf(relay.stage, given), known };
        const status = await readStageStatus(relay, options);
        hasTrouble = isTrouble(status.verdict);
        if (given.json) for (const line of statusLines(status)) terminal.out(JSON.stringify(line));
        else {
          const look = { now: relay.now(), paint, columns: terminal.columns };
          const text = showStatus(status, `${relay.place}, ${dateText(relay.now())}`, look);
          terminal.out(`${clear}${text}`);
        }
      } finally {
        relay.close();
      }
    } while (given.watch && (await untilNext(terminal)));
    return given['exit-code'] && hasTrouble ? 1 : 0;
  },
});

const watchMs = 5_000;

async function untilNext({ interrupted }: Terminal): Promise<boolean> {
  await sleep(watchMs, undefined, { signal: interrupted }).catch(() => undefined);
  return !interrupted.aborted;
}
