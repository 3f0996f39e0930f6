import { durationText, plural } from '../text.ts';
import { staleMs } from '../waiting/verdict.ts';
import type { KeptStatus, KeptSummary } from './summarize-kept.ts';

/** The name of a kept delivery stream above the facts on it. */
export function titleOfKept({ streamName, destination }: KeptStatus): string {
  return `${streamName}/${destination} (removed)`;
}

/** Says what a kept delivery stream is called, holds and fails. */
export function keptFacts(kept: KeptStatus, now: number): readonly string[] {
  const { deliveryStream, verdict, freshnessSeconds, failing, holds, givenUp, gone } = kept;
  return [
    `${verdict}: ${gone ? 'was' : 'is'} kept as ${deliveryStream}`,
    [
      gone ? 'somebody has deleted it' : idleText(kept, now),
      ...(freshnessSeconds === undefined ? [] : [`oldest event ${durationText(freshnessSeconds * 1_000)}`]),
      ...(failing === undefined
        ? []
        : [`a write to S3 failed ${durationText(now - failing.at)} ago (${failing.code})`]),
      ...(givenUp > 0 ? [`${plural(givenUp, 'backup')} given up by Firehose`] : []),
      ...(holds.length > 0 ? [] : [gone ? 'its note is left' : 'empty']),
    ].join(', '),
    ...holds,
  ];
}

function idleText({ idleSince }: KeptStatus, now: number): string {
  return idleSince === undefined ? 'nothing put for days' : `idle for ${durationText(now - idleSince)}`;
}

/** Says in a clause each what waits for receivers that have left the settings, in objects, since nobody reads them. */
export function waitingAtKept({ streams, problem }: KeptSummary): readonly string[] {
  const of = 'of removed destinations';
  const objects = streams.reduce(
    (sum, { queued, deadLetters, givenUp, untold }) => sum + queued + deadLetters + givenUp + untold,
    0,
  );
  const unsure = streams
    .filter(({ watched }) => !watched)
    .reduce((sum, { transit, outlived }) => sum + transit.length + outlived, 0);
  const oldestMs = Math.max(0, ...streams.map(({ freshnessSeconds = 0 }) => freshnessSeconds * 1_000));
  const fails = streams.some(({ failing }) => failing !== undefined);
  const mayHold = streams.some(({ holds }) => holds.length > 0);
  const known = [
    ...(objects > 0 ? [`${plural(objects, 'object')} ${of} ${objects === 1 ? 'waits' : 'wait'}`] : []),
    ...(unsure > 0 ? [`up to ${plural(unsure, 'object')} ${of} may wait`] : []),
    ...(fails ? [`a write of events ${of} to S3 failed`] : []),
    ...(oldestMs > staleMs ? [`Firehose holds events ${of}, the oldest for ${durationText(oldestMs)}`] : []),
  ];
  return [
    ...known,
    ...(known.length === 0 && mayHold ? [`Firehose may hold events ${of}`] : []),
    ...(problem === undefined ? [] : [`what waits ${of} is not known`]),
  ];
}
