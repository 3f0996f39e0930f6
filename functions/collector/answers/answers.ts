import type { Answers } from '../protocol/ports/answers.ts';
import { compressAnswer, isEmptyAnswer } from './decode-answer.ts';
import { eventTimes, newestEventAt } from './event-times.ts';
import { largeSize } from './large-size.ts';
import { lookForUnknown } from './look-for-unknown.ts';
import { openBatch } from './open-batch.ts';

/** The reader of Mosaic's answers that the protocol works with. */
export const answers: Answers = {
  isEmptyAnswer,
  compressAnswer,
  openBatch,
  largeSize,
  newestEventAt,
  eventTimes,
  lookForUnknown,
};
