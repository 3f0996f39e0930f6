import { setTimeout as sleep } from 'node:timers/promises';
import { type DeployedRelay, streamsOf } from '../access/deployed-relay.ts';
import { openRelay, relayFlags } from '../access/open-relay.ts';
import type { Flags } from '../arguments/flag.ts';
import { defineCommand, type Terminal } from '../command.ts';
import { type KeptSummary, summarizeKept } from '../kept/summarize-kept.ts';
import { openSchedules } from '../schedules/stream-schedule.ts';
import { openHealth } from '../status/destination-health.ts';
import { showStatus } from '../status/show-status.ts';
import { readStreamStatus, type StreamStatus } from '../status/stream-status.ts';
import { dateText, painter } from '../text.ts';

const flags = {
  stream: { value: 'ID', text: "only this stream, by its name in the settings or by Mosaic's id" },
  json: { text: 'print one object per stream and line, and one with `kept` per kept delivery stream' },
  watch: { not: ['json'], text: 'print the table again every 5 seconds, until Ctrl-C' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay status',
  synopsis: ['[--stream ID] [options]'],
  about: `A line per stream: type, schedule, last run, last event, lag, lease holder, open runs, oldest undelivered
batch, quarantine, and the health of each destination; and a line for each delivery stream that is kept of a destination
which has left the settings. The command reads the stage's table, bucket, schedules,
metrics and queues. It changes nothing and does not ask Mosaic.`,
  terms: {
    'LAST RUN': 'when the last run ended, with its outcome unless it read the stream empty',
    LAG: 'the age of the newest collected event, while Mosaic still holds a backlog',
    OPEN: 'runs that collect now, or of which a destination still lacks batches',
    UNDELIVERED:
      'the age of the oldest run of which a destination lacks batches; the sweep or a replay delivers them',
    QUARANTINE: 'objects that no destination can take, until they are replayed',
  },
  flags,
  exitCodes: '0 done, 2 wrong use or nothing to work on',
  examples: ['relay status --stage prod --watch', 'relay status --local --json'],
  details: `A destination is \`ok\`, \`quiet\` (Firehose has reported nothing for an hour), \`behind\` or
\`failing\`, with the reason.`,

  async run(given, terminal) {
    do {
      // Opened again for each table: a local run writes its clock, and its end, into its file.
      const relay = await openRelay(given);
      try {
        const streams = await readStreams(relay, given.stream);
        const kept = await summarizeKept(relay, given.stream);
        show(streams, { kept, relay, terminal, json: given.json, redraw: given.watch });
      } finally {
        relay.close();
      }
    } while (given.watch && (await untilNext(terminal)));
    return 0;
  },
});

const watchMs = 5_000;

async function untilNext({ interrupted }: Terminal): Promise<boolean> {
  await sleep(watchMs, undefined, { signal: interrupted }).catch(() => undefined);
  return !interrupted.aborted;
}

async function readStreams(relay: DeployedRelay, only: string | undefined): Promise<readonly StreamStatus[]> {
  const wanted = streamsOf(relay, only);
  const schedules = openSchedules(relay);
  const health = openHealth(relay);
  try {
    return await Promise.all(wanted.map((stream) => readStreamStatus(relay, stream, { schedules, health })));
  } finally {
    schedules.close();
    health.close();
  }
}

function show(streams: readonly StreamStatus[], { kept, relay, terminal, json, redraw }: ShowOptions): void {
  if (json) {
    for (const stream of streams) terminal.out(JSON.stringify(stream));
    for (const each of kept.streams) terminal.out(JSON.stringify({ kept: each }));
    return;
  }
  const paint = painter(terminal.isTerminal);
  const text = streams.length === 0 ? 'no streams' : showStatus(streams, { now: relay.now(), paint });
  const clear = redraw && terminal.isTerminal ? '\u001b[2J\u001b[H' : '';
  terminal.out(
    `${clear}${paint(`${relay.place}, ${dateText(relay.now())}`, 'dim')}\n${[text, ...kept.lines.map((line) => paint(line, 'yellow'))].join('\n')}`,
  );
}

interface ShowOptions {
  readonly kept: KeptSummary;
  readonly relay: DeployedRelay;
  readonly terminal: Terminal;
  readonly json: boolean;
  readonly redraw: boolean;
}
