import * as z from 'zod/mini';
import type { KeptStatus } from '../kept/summarize-kept.ts';
import { places } from '../waiting/reckon.ts';
import { verdicts } from '../waiting/verdict.ts';
import type { StageStatus } from './stage-status.ts';

/**
 * What `relay status --json` prints, a line each: the stage, its streams, and what is kept of removed destinations.
 * Numbers of events are amounts; times are milliseconds since the epoch and end with `At`, `since` or `until`; durations are
 * milliseconds and end with `Ms`.
 */
export function statusLines({ streams, kept, ...stage }: StageStatus): readonly StatusLine[] {
  const { problem } = kept;
  return [
    { stage: { ...stage, ...(problem === undefined ? {} : { keptProblem: problem }) } },
    ...streams.map((stream) => ({ stream })),
    ...kept.streams.map(keptLine),
  ] as StatusLine[];
}

function keptLine(kept: KeptStatus): StatusLine {
  const { streamName, destination, deliveryStream, queued, deadLetters, givenUp, holds } = kept;
  const { verdict, untold, watched, idleSince, freshnessSeconds, failing, next } = kept;
  return {
    kept: {
      streamName,
      destination,
      deliveryStream,
      verdict,
      queued,
      deadLetters,
      givenUp,
      untold,
      watched,
      holds: [...holds],
      ...(idleSince === undefined ? {} : { idleSince }),
      ...(freshnessSeconds === undefined ? {} : { oldestMs: freshnessSeconds * 1_000 }),
      ...(failing === undefined ? {} : { failing: { since: failing.at, code: failing.code } }),
      next,
    },
  };
}

const count = z.int().check(z.minimum(0));
const time = z.number();
const durationMs = z.number();

const amount = z.strictObject({
  events: count,
  /** `about`: reckoned from sizes. `atLeast`: there may be more. */
  known: z.enum(['exactly', 'atLeast', 'about']),
});
const verdict = z.enum(verdicts);
const alarms = z.array(z.strictObject({ name: z.string(), since: z.optional(time) }));

const stage = z.strictObject({
  stage: z.string(),
  now: time,
  verdict,
  waiting: amount,
  oldestAt: z.optional(time),
  alarms,
  /** Why not everything is known that is kept of removed destinations; absent where it is. */
  keptProblem: z.optional(z.string()),
});

const destination = z.strictObject({
  name: z.string(),
  kind: z.string(),
  verdict,
  waiting: amount,
  places: z.strictObject(
    Object.fromEntries(places.map((place) => [place, amount])) as Record<
      (typeof places)[number],
      typeof amount
    >,
  ),
  oldestAt: z.optional(time),
  isLeftToSweeps: z.boolean(),
  lastDay: z.strictObject({ collected: amount, delivered: amount, late: amount, dropped: amount }),
  deliverySuccess: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  copiesRefused: count,
  queued: count,
  deadLetters: count,
  alarms,
  next: z.optional(z.string()),
});

/** What samples of a day's events had that no document names. */
const unknown = z.strictObject({
  sampled: count,
  activities: count,
  members: count,
  names: z.array(
    z.strictObject({ kind: z.enum(['activity', 'member', 'parameter']), name: z.string(), count }),
  ),
});

const stream = z.strictObject({
  name: z.string(),
  label: z.string(),
  id: z.string(),
  type: z.string(),
  verdict,
  collecting: z.strictObject({ verdict, reasons: z.array(z.string()), next: z.optional(z.string()) }),
  schedule: z.strictObject({ expression: z.string(), timeZone: z.string(), on: z.boolean() }),
  lastRun: z.optional(
    z.strictObject({
      run: z.string(),
      startedAt: time,
      endedAt: time,
      outcome: z.string(),
      code: z.optional(z.string()),
      lastNumber: count,
      caution: z.boolean(),
      newestEventAt: z.optional(time),
    }),
  ),
  lastEventAt: z.optional(time),
  lagMs: z.optional(durationMs),
  lease: z.optional(z.strictObject({ run: z.string(), startedAt: time, until: time })),
  openRuns: count,
  oldestUndeliveredMs: durationMs,
  quarantined: z.strictObject({ entries: count, ofNobody: count }),
  alarms: z.optional(alarms),
  destinations: z.array(destination),
  owedToRemoved: z.record(z.string(), amount),
  unknown: z.optional(unknown),
  retiring: z.array(z.strictObject({ streamId: z.string(), emptySince: z.optional(time) })),
});

const kept = z.strictObject({
  streamName: z.string(),
  destination: z.string(),
  deliveryStream: z.string(),
  verdict,
  queued: count,
  deadLetters: count,
  givenUp: count,
  /** Objects of which nobody has told the copier. */
  untold: count,
  /** False where the table lacks the note by which the stage tells the copier. */
  watched: z.boolean(),
  holds: z.array(z.string()),
  idleSince: z.optional(time),
  oldestMs: z.optional(durationMs),
  /** The first write to S3 that failed since the removal, and within a day. */
  failing: z.optional(z.strictObject({ since: time, code: z.string() })),
  next: z.string(),
});

/** The schema of a line, and the source of `docs/status.schema.json`. */
export const statusLine = z.union([
  z.strictObject({ stage }),
  z.strictObject({ stream }),
  z.strictObject({ kept }),
]);
export type StatusLine = z.infer<typeof statusLine>;

/** The text of `docs/status.schema.json`. */
export function statusSchemaText(): string {
  return `${JSON.stringify({ title: 'A line of relay status --json', ...z.toJSONSchema(statusLine) }, null, 2)}\n`;
}
