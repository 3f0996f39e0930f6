import { setTimeout as sleep } from 'node:timers/promises';
import { type DeployedRelay, streamOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { type Command, CommandError, type Terminal } from '../command.ts';
import { readArguments } from '../read-arguments.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';
import { openHealth } from '../status/destination-health.ts';
import { showStatus } from '../status/show-status.ts';
import { readStreamStatus, type StreamStatus } from '../status/stream-status.ts';
import { moment, painter } from '../text.ts';

const flags = { ...relayFlags, stream: { value: 'ID' }, json: {}, watch: {} } as const;

export const command: Command = {
  usage: `Usage: relay status [--stream ID] [options]

A line per stream: type, schedule, last run, last event, lag, lease holder, open runs, oldest undelivered batch,
quarantine, and the health of each destination. It reads, changes nothing, and does not ask Mosaic.

LAST RUN     when it ended, with its outcome unless it read the stream empty
LAG          age of the newest collected event while a backlog is left in Mosaic
OPEN         runs that some destination has not got whole, or that are collecting now
UNDELIVERED  age of the oldest of them that owes something; the sweep delivers it, or replay does
QUARANTINE   what no destination can take, until it is replayed

  --stream ID       this one only, by its name in the settings or Mosaic's id
  --json            one object per line on stdout, a stream each
  --watch           again every 5 seconds, until Ctrl-C
${relayFlagsUsage}

Exit codes: 0 done, 2 nothing to work on.

Example: relay status --stage prod --watch`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    if (given.watch && given.json) throw new CommandError('--watch and --json do not go together');
    do {
      // Found anew each time: a local run tells the time, and its end, in its file.
      const relay = await openRelay(given);
      try {
        const streams = await readStreams(relay, given.stream);
        show(streams, { relay, terminal, json: given.json === true, redraw: given.watch === true });
      } finally {
        relay.close();
      }
    } while (given.watch && (await untilNext(terminal)));
    return 0;
  },
};

const watchMs = 5_000;

async function untilNext({ interrupted }: Terminal): Promise<boolean> {
  await sleep(watchMs, undefined, { signal: interrupted }).catch(() => undefined);
  return !interrupted.aborted;
}

async function readStreams(relay: DeployedRelay, only: string | undefined): Promise<readonly StreamStatus[]> {
  const wanted = only === undefined ? relay.streams : [streamOf(relay, only)];
  const schedules = openSchedules(relay);
  const health = openHealth(relay);
  try {
    return await Promise.all(wanted.map((stream) => readStreamStatus(relay, stream, { schedules, health })));
  } finally {
    schedules.close();
    health.close();
  }
}

function show(streams: readonly StreamStatus[], { relay, terminal, json, redraw }: ShowOptions): void {
  if (json) {
    for (const stream of streams) terminal.out(JSON.stringify(stream));
    return;
  }
  const paint = painter(terminal.isTerminal);
  const text = streams.length === 0 ? 'no streams' : showStatus(streams, { now: relay.now(), paint });
  const clear = redraw && terminal.isTerminal ? '\u001b[2J\u001b[H' : '';
  terminal.out(`${clear}${paint(`${relay.place}, ${moment(relay.now())}`, 'dim')}\n${text}`);
}

interface ShowOptions {
  readonly relay: DeployedRelay;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly redraw: boolean;
}
