import type { Answer } from '../../answer.ts';
import { RelayError } from '../../relay-error.ts';
import type { JournaledBatch } from '../../stored/journaled-batch.ts';
import type { QuarantineReason } from '../../stored/quarantine-entry.ts';
import type { Ending } from './ending.ts';
import { decompressedCapBytes } from './large-answers.ts';
import type { Answers, CutBatch, DamagedBatch, EventTimes } from './ports/answers.ts';
import { putUntilAcknowledged } from './put-acknowledged.ts';
import { quarantineBatch } from './quarantine-batch.ts';
import { type AnswerFingerprint, fingerprintOf } from './repeat-watch.ts';
import type { RunPorts } from './run-ports.ts';
import type { RunProgress } from './run-progress.ts';
import type { RunSettings } from './run-settings.ts';

/**
 * Journals an answer under the run's next number, cuts it, and hands it to the queues.
 *
 * If S3 refuses, the run collects no more: it retries until its deadline, then hands the batch to Firehose as a
 * counted last resort. The run's `OPEN` stays, since an aborted PUT may still land. An answer that is no array of
 * events goes to quarantine before progress is recorded past it.
 */
export async function journalAnswer(
  received: ReceivedAnswer,
  ports: RunPorts,
  settings: RunSettings,
  progress: RunProgress,
): Promise<JournaledAnswer> {
  const { answer, cutOff, streamId, collectedAt } = received;
  const batch: JournaledBatch = {
    ...progress.id,
    number: progress.lastNumber + 1,
    collectedAt,
    stream: streamId,
    answer: ports.answers.compressAnswer(answer),
    cutOff,
  };
  // The object may land, so `OPEN` must stay until S3 acknowledges the PUT, also if cutting throws.
  progress.unacknowledged = true;
  const putting = putUntilAcknowledged(batch, ports, progress);
  let opened: CutBatch | DamagedBatch;
  try {
    // The PUT's bytes leave first, and its answer's wait hides the cutting.
    await ports.clock.sleep(0, progress.signal);
    opened = openAnswer(batch, answer, { answers: ports.answers, settings });
    countAnswer(opened, received, { progress, answers: ports.answers, type: settings.type });
  } finally {
    await putting;
  }
  const put = await putting;
  // The fingerprint is taken here because the answer's memory may be reused once the queues have it.
  const fingerprint = fingerprintOf(batch.answer.received);
  const seen = { fingerprint, ...seenIn(opened, received.asked, ports.answers) };
  if (!put.acknowledged) {
    const delivered = await handToFirehose(opened, progress);
    // The loss of an answer that was cut off has been counted already.
    if (!delivered && !cutOff) progress.counters.possibleLoss += 1;
    progress.inHand = false;
    return { ...seen, ending: journalRefused(put.cause, delivered ? 'handed over' : 'lost') };
  }
  progress.unacknowledged = false;
  progress.inHand = false;
  progress.lastNumber = batch.number;
  if ('damaged' in opened) {
    await quarantineBatch(opened, undefined, { quarantine: ports.quarantine, signal: progress.signal });
    progress.counters.quarantined += 1;
  }
  // After a PUT that was given up here, an old socket may still read the bytes: the memory is then left to V8. What the
  // client itself made again had been answered before, or its socket ended.
  const release = put.cause === undefined ? received.release : undefined;
  offerToQueues(opened, { progress, answers: ports.answers }, release);
  return { ...seen, ending: put.cause === undefined ? undefined : journalRefused(put.cause, 'journaled') };
}

export interface ReceivedAnswer {
  readonly answer: Answer;
  readonly cutOff: boolean;
  readonly streamId: string;
  readonly collectedAt: number;
  /** The batch size that was asked for. */
  readonly asked: number;
  /** Lets the memory of the answer be used again. */
  readonly release?: () => void;
}

export interface JournaledAnswer {
  readonly damaged: QuarantineReason | undefined;
  readonly fingerprint: AnswerFingerprint;
  readonly events: number;
  /** Read where fewer events came than were asked for; nothing is known of the others. */
  readonly times: EventTimes;
  /** Set when the run must collect no more. */
  readonly ending: Ending | undefined;
}

interface Reading {
  readonly progress: RunProgress;
  readonly answers: Answers;
}

/** Of no events, or where nobody has looked. */
export const noTimes: EventTimes = {
  oldest: undefined,
  median: undefined,
  newest: undefined,
  unreadable: 0,
};

function seenIn(
  opened: CutBatch | DamagedBatch,
  asked: number,
  answers: Answers,
): Pick<JournaledAnswer, 'damaged' | 'events' | 'times'> {
  if ('damaged' in opened) return { damaged: opened.damaged, events: 0, times: noTimes };
  const { cut } = opened;
  const isFull = cut.count >= asked;
  return { damaged: undefined, events: cut.count, times: isFull ? noTimes : answers.eventTimes(cut) };
}

/**
 * Offers a batch to every queue, a large one without its bytes, since queues ask for room for those.
 *
 * @param release called once, when no queue reads the batch any more
 */
function offerToQueues(
  batch: CutBatch | DamagedBatch,
  { progress: { queues }, answers }: Reading,
  release: (() => void) | undefined,
): void {
  const holds = 'damaged' in batch || answers.largeSize(batch.batch.answer) === 0;
  let readers = 1;
  const readNoMore = (): void => {
    readers -= 1;
    if (readers === 0) release?.();
  };
  for (const queue of queues) {
    readers += holds ? 1 : 0;
    queue.offer(batch.batch.number, holds ? { batch, readNoMore } : undefined);
  }
  readNoMore();
}

/** Cuts the answer as it came, which spares decompressing what was compressed for the journal. */
function openAnswer(
  batch: JournaledBatch,
  answer: Answer,
  { answers, settings }: { readonly answers: Answers; readonly settings: RunSettings },
): CutBatch | DamagedBatch {
  const memberDepth = Math.max(...settings.destinations.map((each) => each.memberDepth ?? 0), 0);
  const opened = answers.openBatch({ ...batch, answer }, decompressedCapBytes(settings), memberDepth);
  return { ...opened, batch };
}

function countAnswer(
  opened: CutBatch | DamagedBatch,
  { asked }: ReceivedAnswer,
  { progress, answers, type }: Reading & Pick<RunSettings, 'type'>,
): void {
  const { counters } = progress;
  counters.batches += 1;
  if ('damaged' in opened) return;
  const { cut } = opened;
  counters.events += cut.count;
  for (let index = 0; index < cut.count; index++)
    counters.sourceBytes += cut.ends[index]! - cut.starts[index]!;
  if (cut.count >= asked) counters.fullAnswers += 1;
  else counters.shortAnswers += 1;
  const newest = answers.newestEventAt(cut);
  if (newest !== undefined) counters.newestEventAt = Math.max(newest, counters.newestEventAt ?? 0);
  answers.lookForUnknown(cut, type, counters.unknown);
}

/** The last resort, counted. @returns true if every destination has the batch, which the journal may lack */
async function handToFirehose(
  opened: CutBatch | DamagedBatch,
  { queues, counters }: RunProgress,
): Promise<boolean> {
  if ('damaged' in opened || queues.length === 0) return false;
  counters.lastResort += 1;
  const delivered = await Promise.all(queues.map((queue) => queue.offerUnjournaled(opened)));
  return delivered.every(Boolean);
}

function journalRefused(cause: unknown, fate: 'journaled' | 'handed over' | 'lost'): Ending {
  const what = {
    journaled: 'The batch in hand was journaled by a later attempt.',
    'handed over': 'The batch in hand was handed to Firehose without a journal.',
    lost: 'The batch in hand is lost unless its PUT still lands.',
  }[fate];
  return {
    outcome: 'failed',
    error: new RelayError('JournalRefused', `S3 refused the journal. ${what} Nothing more was collected.`, {
      cause,
    }),
    caution: true,
  };
}
