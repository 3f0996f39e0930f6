import { type DeployedStream, destinationOf, streamOf } from '../access/deployed-relay.ts';
import { explainingFailure } from '../access/explain-failure.ts';
import { openRelay, relayFlags, streamFlag } from '../access/open-relay.ts';
import type { Flags, Values } from '../arguments/flag.ts';
import { between, listOf, type Moment, moment, wholeNumber } from '../arguments/forms.ts';
import { WrongUse } from '../arguments/wrong-use.ts';
import { CommandError, defineCommand, type Terminal } from '../command.ts';
import { consent } from '../consent.ts';
import { type ReplayOptions, replay } from '../replay/replay.ts';
import type { ReplayReport } from '../replay/replay-report.ts';
import { replayProgress } from '../replay/show-progress.ts';
import { describeReplay } from '../replay/show-report.ts';
import { type ReplaySource, replaySources, type TimeRange } from '../replay/waiting.ts';

/** More events than this are sent only with `--yes`, or after a yes. */
export const eventsToAsk = 100_000;

const flags = {
  stream: { ...streamFlag, required: true },
  from: {
    value: 'TIME',
    form: moment,
    text: 'events that were collected from this time on; by default all that wait; needed with the journal',
  },
  to: { value: 'TIME', form: moment, text: 'events that were collected before this time; now by default' },
  source: {
    value: 'A,B',
    form: listOf(replaySources),
    text: `of ${replaySources.join(', ')}; by default all but the journal, whose batches were delivered unless something
says otherwise`,
  },
  destination: { value: 'NAME', text: 'send to this destination only' },
  rate: {
    value: 'N',
    form: wholeNumber({ from: 1, to: 1_000_000 }),
    text: 'events per second to each destination; by default a quarter of the delivery quota in bytes',
  },
  late: { text: "send also what is too old or too new for a destination's receiver" },
  'dry-run': { text: 'count, and send nothing' },
  yes: { text: `do not ask before more than ${eventsToAsk.toLocaleString('en')} events are sent` },
  json: { text: 'print the counts as one object' },
  ...relayFlags,
} as const satisfies Flags;

export const command = defineCommand({
  name: 'relay replay',
  synopsis: ['--stream ID [--from TIME] [--to TIME] [options]'],
  about: `Sends the events of one stream again that wait in quarantine, in Firehose's backups or in dead letters, or that
are in the journal, marked "replayed":true. Events that an earlier replay has sent are not sent again; after an interruption the same
command line goes on where the replay was. Of an answer that was cut off, the whole events are sent, and the number of
bytes after them is printed.`,
  flags,
  exitCodes: `0 done; 1 some events failed or were not dealt with (they are listed), AWS ended the replay half-way (one line
says so), or the question was answered with no; 2 wrong use, or no such stage or stream`,
  examples: [
    'relay replay --stage prod --stream cis --from -2h --source journal --destination splunk --dry-run',
    'relay replay --stage prod --stream cis',
  ],
  details: 'See [replay.md](replay.md).',

  async run(given, terminal) {
    const sources = given.source ?? replaySources.filter((name) => name !== 'journal');
    checkRange(given, sources);
    const relay = await openRelay(given);
    try {
      const stream = streamOf(relay, given.stream);
      if (given.destination !== undefined) destinationOf(stream, given.destination);
      if (given.late) checkLate(stream, given.destination);
      const options: ReplayOptions = {
        relay,
        stream,
        sources,
        range: rangeOf(given, relay.now()),
        destination: given.destination,
        rate: given.rate,
        late: given.late,
        dryRun: given['dry-run'],
        signal: terminal.interrupted,
      };
      const looked = { sought: `what waits for ${stream.label}`, where: relay.place };
      return await orEnded(looked, async () => {
        if (!given['dry-run']) await beforeSending(options, given, terminal);
        return show(await withProgress(options, terminal), { given, stream, terminal });
      });
    } finally {
      relay.close();
    }
  },
});

function checkRange({ from }: Values<typeof flags>, sources: readonly ReplaySource[]): void {
  if (from === undefined && sources.includes('journal')) {
    throw new WrongUse('--from TIME is needed with --source journal');
  }
}

function checkLate(stream: DeployedStream, only: string | undefined): void {
  if (isLimited(stream, only)) return;
  const whose = only === undefined ? `no destination of ${stream.label} has a` : `${only} has no`;
  throw new WrongUse(`--late: ${whose} limit of age, so everything is sent; leave it out`);
}

/** True if the receiver of a chosen destination has a limit of age. */
function isLimited({ destinations }: DeployedStream, only: string | undefined): boolean {
  return destinations.some(({ name, ages }) => ages !== undefined && (only ?? name) === name);
}

function rangeOf({ from, to }: Values<typeof flags>, now: number): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  return between(from ?? theBeginning, to ?? theEnd, now);
}

const theBeginning: Moment = { text: '1970-01-01', at: () => 0 };
const theEnd: Moment = { text: 'now', at: (now) => now };

/** A refusal of AWS half-way is not wrong use: credentials expire while a long replay goes on. */
async function orEnded(
  looked: { readonly sought: string; readonly where: string },
  effect: () => Promise<number>,
): Promise<number> {
  try {
    return await explainingFailure(looked, effect);
  } catch (error) {
    if (!(error instanceof CommandError) || error.cause === undefined) throw error;
    const message = `${error.message}; sent events are marked: the same command line goes on from here`;
    throw Object.assign(new CommandError(message, 1), { cause: error.cause });
  }
}

/** Tells of late events, which are counted as a whole, and asks before many events are sent. */
async function beforeSending(
  options: ReplayOptions,
  { yes }: Pick<Values<typeof flags>, 'yes'>,
  terminal: Terminal,
): Promise<void> {
  const limited = isLimited(options.stream, options.destination);
  if (yes && !limited) return;
  const stopAbove = limited ? undefined : eventsToAsk;
  const counted = await replay({ ...options, dryRun: true, stopAbove });
  for (const [destination, events] of Object.entries({ ...counted.late, ...counted.lateSent })) {
    const fate = options.late ? 'they are sent all the same' : 'they are not sent without --late';
    const number = `${events.toLocaleString('en')} ${events === 1 ? 'event is' : 'events are'}`;
    terminal.problem(`${number} too old or too new for ${destination}: ${fate}`);
  }
  if (yes || counted.events <= eventsToAsk || terminal.interrupted.aborted) return;
  const { relay, stream, destination } = options;
  const receivers = destination ?? stream.destinations.map(({ name }) => name).join(', ');
  const does = `This sends more than ${eventsToAsk.toLocaleString('en')} events of ${stream.label} in ${relay.place} again, to ${receivers}; --dry-run counts them`;
  await consent(does, 'nothing was sent', { yes: false, terminal });
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
    readonly given: Values<typeof flags>;
    readonly stream: DeployedStream;
    readonly terminal: Terminal;
  },
): number {
  const { given, stream, terminal } = shown;
  const dryRun = given['dry-run'];
  const { text, problems } = describeReplay(report, { stream: stream.label, dryRun });
  for (const problem of problems) terminal.problem(problem);
  terminal.out(given.json ? JSON.stringify({ stream: stream.label, dryRun, ...report }) : text);
  return report.failed.length > 0 || report.interrupted ? 1 : 0;
}
