import { cutEvents } from '../../functions/collector/answers/cut-events.ts';
import { compressAnswer } from '../../functions/collector/answers/decode-answer.ts';
import { lookForUnknown } from '../../functions/collector/answers/look-for-unknown.ts';
import { createLineFormat } from '../../functions/collector/delivery/formats/line-formats.ts';
import { prepareRecords, type RecordShape } from '../../functions/collector/delivery/prepare-records.ts';
import { zeroCounters } from '../../functions/collector/protocol/counters.ts';
import type { Cut } from '../../functions/collector/protocol/ports/answers.ts';
import { makeBatches } from './batches.ts';
import { median, rounded } from './statistics.ts';

const rounds = 15;
const warmUpRounds = 4;
const facts = { type: 'risk', stream: 'relay-risk', collectedAt: Date.UTC(2026, 2, 1) };
const shape: RecordShape = { format: createLineFormat('relay-line', 'prod'), packing: 'lines' };
/** Of events that have some unknown members each, which is the costliest. */
const texts = makeBatches(1_200, 4).flatMap(({ body }) => JSON.parse(body.toString()) as object[]);

/**
 * `npx node lab/bench/measure-unknown.ts`: the CPU that the look for unknown names takes in a run, in turns with what the
 * run does in memory with the same answers for one destination: compress, cut, make ids and lines. A run's calls come on
 * top, so that the share of a whole run is smaller.
 */
const runs = [
  { answers: 4, events: 1_000 },
  { answers: 20, events: 100 },
  { answers: 1, events: 100 },
  { answers: 1, events: 10 },
];
for (const { answers, events } of runs) {
  const bodies = Array.from({ length: answers }, (_, answer) => answerOf(answer * events, events));
  const cuts = bodies.map(cutOf);
  const repeats = Math.ceil(20 / answers);
  const taken = { look: [] as number[], work: [] as number[] };
  for (let round = 0; round < rounds + warmUpRounds; round += 1) {
    const look = cpuMs(repeats, () => {
      const { unknown } = zeroCounters();
      for (const cut of cuts) lookForUnknown(cut, facts.type, unknown);
    });
    const work = cpuMs(repeats, () => {
      for (const body of bodies) {
        compressAnswer({ received: body, encoding: 'identity' });
        prepareRecords(cutOf(body), facts, shape).release();
      }
    });
    if (round < warmUpRounds) continue;
    taken.look.push(look);
    taken.work.push(work);
  }
  const [lookMs, workMs] = [median(taken.look), median(taken.work)];
  console.log(
    `${answers} × ${events} events: look ${rounded(lookMs, 3)} ms, other work ${rounded(workMs, 2)} ms, ${rounded((100 * lookMs) / (lookMs + workMs), 2)} %`,
  );
}

function answerOf(from: number, events: number): Buffer {
  return Buffer.from(JSON.stringify(texts.slice(from, from + events)));
}

function cutOf(body: Buffer): Cut {
  const cut = cutEvents(body);
  if ('damaged' in cut) throw new Error(cut.message);
  return cut;
}

function cpuMs(repeats: number, work: () => void): number {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat += 1) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / repeats;
}
