import { systemClock } from '../../functions/collector/adapters/system-clock.ts';
import type { Clock } from '../../functions/collector/protocol/ports/clock.ts';
import { createBucket } from '../access/bucket.ts';
import type { DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { createMarks } from './marks.ts';
import { openWaiting } from './open-waiting.ts';
import { countSent, emptyTally, type ReplayReport, type Tally } from './replay-report.ts';
import { createSender, type ObjectToSend, type Sender, type SenderOptions } from './send-lines.ts';
import type { SendOutcome } from './send-outcome.ts';
import { searchFirehoseErrors } from './sources/firehose-errors.ts';
import { searchJournal } from './sources/journal.ts';
import { searchQuarantine } from './sources/quarantine.ts';
import { searchQueues } from './sources/queues.ts';
import type { Found, Opened, ReplaySource, SearchOptions, TimeRange, Waiting } from './waiting.ts';

/**
 * Sends the waiting events of one stream again, for an operator's `replay` and for the local run alike.
 *
 * Every destination's part is marked at once, so that an interrupted replay goes on where it was and repeats no
 * event; a process that is killed may send up to 1,000 events twice.
 *
 * An object that cannot be read counts as failed and holds up no other.
 *
 * @throws AWS's refusals of listing and marking, and every error that each object would meet: credentials, the
 * network; all events that were sent until then are marked
 */
export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const tally = emptyTally();
  const { relay, stream, clock = systemClock, signal = never } = options;
  const bucket = createBucket(relay.clients.s3, relay.bucket);
  const marks = createMarks(bucket, stream.name, () => relay.now());
  const destinations = options.destination === undefined ? namesOf(stream) : [options.destination];
  const { range, late = false } = options;
  const search: SearchOptions = { relay, stream, bucket, marks, range, destinations, late };
  const sender = createSender({ ...options, clock, signal, marks });
  const releases: NonNullable<Found['release']>[] = [];
  let interrupted = false;
  try {
    const waiting: Waiting[] = [];
    for (const source of options.sources) {
      const found = await searches[source](search);
      if (found.release !== undefined) releases.push(found.release);
      waiting.push(...found.waiting);
      tally.replayedBefore += found.replayedBefore;
      tally.failed.push(...found.problems.map((problem) => ({ ...problem, source })));
    }
    for (const [index, one] of waiting.entries()) {
      if (signal.aborted || tally.events > (options.stopAbove ?? Number.POSITIVE_INFINITY)) {
        interrupted = true;
        break;
      }
      interrupted = !(await replayOne(one, { sender, tally, dryRun: options.dryRun ?? false }));
      options.onProgress?.({ objects: index + 1, ofObjects: waiting.length, events: tally.events });
      if (interrupted) break;
    }
  } finally {
    for (const release of releases) await release();
  }
  return { ...tally, interrupted };
}

export interface ReplayOptions {
  readonly relay: DeployedRelay;
  readonly stream: DeployedStream;
  readonly sources: readonly ReplaySource[];
  /** The range by time of collection; absent for everything that waits. */
  readonly range?: TimeRange;
  /** The only destination to send to; absent for every destination that events are owed to. */
  readonly destination?: string;
  /** Events per second to each destination, `Infinity` for no limit. Default: a quarter of its delivery quota in bytes. */
  readonly rate?: number;
  /** Sends also what is too old or too new for a destination's receiver. */
  readonly late?: boolean;
  /** Reads and counts, and sends nothing. */
  readonly dryRun?: boolean;
  /** Ends once more events than this were counted. */
  readonly stopAbove?: number;
  readonly clock?: Clock;
  /** Ends the replay well: the events in hand are sent and marked. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly onLeftOut?: SenderOptions['onLeftOut'];
}

export interface ReplayProgress {
  /** Objects and messages that were dealt with. */
  readonly objects: number;
  readonly ofObjects: number;
  readonly events: number;
}

const never = new AbortController().signal;

const searches: Readonly<Record<ReplaySource, (options: SearchOptions) => Promise<Found>>> = {
  journal: searchJournal,
  quarantine: searchQuarantine,
  'firehose-errors': searchFirehoseErrors,
  queues: searchQueues,
};

function namesOf({ destinations }: DeployedStream): readonly string[] {
  return destinations.map(({ name }) => name);
}

interface Means {
  readonly sender: Sender;
  readonly tally: Tally;
  readonly dryRun: boolean;
}

/**
 * Replays one object or message.
 *
 * @returns false where an interruption ended it half-way
 */
async function replayOne(one: Waiting, { sender, tally, dryRun }: Means): Promise<boolean> {
  if (one.destinations.length === 0) {
    // An interruption may come after the last mark and before the object has left its place.
    if (!dryRun) await one.settle();
    return true;
  }
  const opened = await openWaiting(one);
  if (opened.kind === 'out-of-range') {
    tally.outOfRange += 1;
    return true;
  }
  const { source, key } = one;
  if (opened.kind === 'unusable') {
    tally.failed.push({ source, key, reason: opened.reason });
    return true;
  }
  if (opened.kind === 'lines' && opened.restBytes !== undefined)
    tally.cutOff.push({ key, events: opened.lines.batch.cut.count, restBytes: opened.restBytes });
  const problems = opened.kind === 'lines' ? opened.problems : [];
  tally.failed.push(...problems.map((reason) => ({ source, key, reason })));
  let complete = problems.length === 0;
  for (const destination of one.destinations) {
    // The journal keeps its batches. Every other place keeps an object as long as a part of it could not be sent.
    const object = { source, key, destination, final: source === 'journal' || problems.length === 0 };
    const outcome = await sendOpened(opened, object, { sender, dryRun });
    countSent(tally, { destination, source, ...outcome });
    tally.failed.push(...outcome.failures.map((reason) => ({ source, key, destination, reason })));
    if (outcome.interrupted) return false;
    complete &&= outcome.failures.length === 0;
  }
  if (!complete) return true;
  tally.objects += 1;
  if (!dryRun) await one.settle();
  return true;
}

async function sendOpened(
  opened: Opened & { readonly kind: 'lines' | 'message' },
  object: ObjectToSend,
  { sender, dryRun }: Omit<Means, 'tally'>,
): Promise<SendOutcome> {
  if (dryRun) {
    if (opened.kind === 'lines') return sender.left(opened.lines, object);
    return { events: opened.events, late: 0, lateSent: 0, failures: [], interrupted: false };
  }
  return opened.kind === 'lines' ? sender.lines(opened.lines, object) : sender.message(opened, object);
}
