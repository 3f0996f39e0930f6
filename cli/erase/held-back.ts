import { openBatch } from '../../functions/collector/answers/open-batch.ts';
import { findLate } from '../../functions/collector/delivery/late-events.ts';
import type { JournaledBatch } from '../../functions/stored/journaled-batch.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import type { Marks } from '../replay/marks.ts';
import { operatorCapBytes } from '../replay/sources/journal.ts';

/** The late events of a run, as its record or its progress counts them. */
export interface LateOfRun {
  /** By the destination's name. */
  readonly late: Readonly<Record<string, number>> | undefined;
  /** The time by which the run's batches were delivered, in ms since the epoch. */
  readonly until: number;
}

/**
 * Tells which destination was not sent the late events of a batch, because its setting `late` is `'hold'` or because a
 * replay left them out, and has not got them since. A run counts its late events and names none, so every batch of the run that has such an event counts.
 *
 * @returns what is owed and what to do about it; undefined where nothing was held back
 */
export async function heldBack(
  key: string,
  batch: JournaledBatch,
  {
    stream,
    marks,
    told: { late, until },
  }: { readonly stream: DeployedStream | undefined; readonly marks: Marks; readonly told: LateOfRun },
): Promise<string | undefined> {
  for (const { name, ages } of stream?.destinations ?? []) {
    if (ages === undefined) continue;
    if (await isLeftOut(marks, name, key)) return reasonOf(name, stream!.label, batch);
    if (ages.hold !== true || (late?.[name] ?? 0) === 0 || (await marks.has(name, key))) continue;
    const opened = openBatch(batch, operatorCapBytes);
    if ('damaged' in opened) continue;
    // An event may become late, or acceptable, between the two times: it is late at one of them at least.
    const { collectedAt } = batch;
    const held = [collectedAt, until].some((time) => findLate(opened.cut, ages, time).count > 0);
    if (held) return reasonOf(name, stream!.label, batch);
  }
  return undefined;
}

/** True if a replay has dealt with the object, and has left late events of it out. */
export async function isLeftOut(marks: Marks, destination: string, key: string): Promise<boolean> {
  return (await marks.leftOut(destination, key)).length > 0;
}

function reasonOf(name: string, label: string, { collectedAt }: JournaledBatch): string {
  const iso = (time: number): string => new Date(time).toISOString();
  return `${name} has not got its late events, which are held back: relay replay --stream ${label} --source journal --destination ${name} --late --from ${iso(collectedAt)} --to ${iso(collectedAt + 1)} sends them`;
}
