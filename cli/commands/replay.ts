import { type DeployedStream, destinationOf, streamOf } from '../access/deployed-relay.ts';
import { foreseen } from '../access/foreseen.ts';
import { openRelay, relayFlags, relayFlagsUsage } from '../access/open-relay.ts';
import { type Command, CommandError, type Terminal } from '../command.ts';
import { type Arguments, checkTimes, moment, readArguments, wholeNumber } from '../read-arguments.ts';
import { type ReplayOptions, replay } from '../replay/replay.ts';
import type { ReplayReport } from '../replay/replay-report.ts';
import { replayProgress } from '../replay/show-progress.ts';
import { describeReplay } from '../replay/show-report.ts';
import { type ReplaySource, replaySources, type TimeRange } from '../replay/waiting.ts';

const flags = {
  ...relayFlags,
  stream: { value: 'ID' },
  from: { value: 'TIME' },
  to: { value: 'TIME' },
  source: { value: replaySources.join('|') },
  destination: { value: 'NAME' },
  rate: { value: 'N' },
  'dry-run': {},
  yes: {},
  json: {},
} as const;

/** More events than this are not sent without `--yes`, or a yes. */
export const eventsToAsk = 100_000;

export const command: Command = {
  usage: `Usage: relay replay --stream ID [--from TIME] [--to TIME] [options]

Sends again what waits for one stream, wherever it waits, marked "replayed":true. What was replayed before is not
sent again; an interrupted replay goes on where it was when the same is said again. Of an answer that was cut off, the
whole events are sent, and the number of bytes after them is told.

  --stream ID       the stream, by its name in the settings or Mosaic's id
  --from, --to TIME by time of collection: ISO 8601, or so long ago, as -2h, -30m, -7d; --to is now by default.
                    Without --from, all that waits (not with the journal)
  --source A,B      of ${replaySources.join(', ')}; default: all but the journal, whose
                    batches were delivered unless something says otherwise
  --destination D   send to this one only
  --rate N          events per second to each destination; default: a quarter of its delivery quota in bytes
  --dry-run         count, and send nothing
  --yes             do not ask before sending more than ${eventsToAsk.toLocaleString('en')} events
  --json            the counts as one object, on stdout
${relayFlagsUsage}

Exit codes: 0 done; 1 some failed or were not dealt with (they are listed), AWS ended it half-way (in one line), or
the question was answered with no; 2 wrong use, or no such stage or stream.

Example: relay replay --stage prod --stream cis --from -2h --source journal --destination splunk --dry-run`,

  async run(args, terminal) {
    const given = readArguments(args, flags);
    if (given.stream === undefined) throw new CommandError('--stream ID is needed; --help tells more');
    const sources = sourcesOf(given.source);
    const rate =
      given.rate === undefined ? undefined : wholeNumber('rate', given.rate, { from: 1, to: 1_000_000 });
    checkTimes(given);
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      if (given.destination !== undefined) destinationOf(stream, given.destination);
      const options: ReplayOptions = {
        relay,
        stream,
        sources,
        range: rangeOf(given, sources, relay.now()),
        destination: given.destination,
        rate,
        dryRun: given['dry-run'] ?? false,
        signal: terminal.interrupted,
      };
      const looked = { sought: `what waits for ${stream.name}`, where: relay.place };
      return await orEnded(looked, async () => {
        if (!given['dry-run'] && !given.yes) await ask(options, terminal);
        return show(await withProgress(options, terminal), { given, stream, terminal });
      });
    } finally {
      relay.close();
    }
  },
};

function sourcesOf(text: string | undefined): readonly ReplaySource[] {
  if (text === undefined) return replaySources.filter((name) => name !== 'journal');
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !replaySources.includes(name as ReplaySource));
  if (unknown !== undefined) {
    throw new CommandError(`--source "${unknown}" is none of ${replaySources.join(', ')}`);
  }
  return replaySources.filter((name) => names.includes(name));
}

function rangeOf(
  { from, to }: Arguments<typeof flags>,
  sources: readonly ReplaySource[],
  now: number,
): TimeRange | undefined {
  if (from === undefined) {
    if (sources.includes('journal')) throw new CommandError('--from TIME is needed with the journal');
    if (to === undefined) return undefined;
  }
  const range = {
    from: from === undefined ? 0 : moment('from', from, now),
    to: to === undefined ? now : moment('to', to, now),
  };
  if (range.from < range.to) return range;
  throw new CommandError(`--from ${from} is not before --to ${to ?? 'now'}`);
}

/** What AWS refuses half-way is no wrong use: credentials expire while a long replay goes on. */
async function orEnded(
  looked: { readonly sought: string; readonly where: string },
  effect: () => Promise<number>,
): Promise<number> {
  try {
    return await foreseen(looked, effect);
  } catch (error) {
    if (!(error instanceof CommandError) || error.cause === undefined) throw error;
    const message = `${error.message}; what was sent is marked: say the same again to go on`;
    throw Object.assign(new CommandError(message, 1), { cause: error.cause });
  }
}

async function ask(options: ReplayOptions, terminal: Terminal): Promise<void> {
  const counted = await replay({ ...options, dryRun: true, stopAbove: eventsToAsk });
  if (counted.events <= eventsToAsk || terminal.interrupted.aborted) return;
  const most = eventsToAsk.toLocaleString('en');
  const answer = await terminal.ask?.(`This sends more than ${most} events. Go on? [y/N] `);
  if (answer === undefined) {
    throw new CommandError(`this would send more than ${most} events; say --yes, or see --dry-run first`);
  }
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('nothing was sent', 1);
}

async function withProgress(options: ReplayOptions, terminal: Terminal): Promise<ReplayReport> {
  const progress = replayProgress(terminal);
  try {
    return await replay({ ...options, onProgress: progress.update });
  } finally {
    progress.stop();
  }
}

function show(
  report: ReplayReport,
  shown: {
    readonly given: Arguments<typeof flags>;
    readonly stream: DeployedStream;
    readonly terminal: Terminal;
  },
): number {
  const { given, stream, terminal } = shown;
  const dryRun = given['dry-run'] ?? false;
  const { text, problems } = describeReplay(report, { stream: stream.name, dryRun });
  for (const problem of problems) terminal.problem(problem);
  terminal.out(given.json ? JSON.stringify({ stream: stream.name, dryRun, ...report }) : text);
  return report.failed.length > 0 || report.interrupted ? 1 : 0;
}
