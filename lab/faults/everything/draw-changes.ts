import { destinationRemoved, type SettingsChange } from '../../../local/run/fault-set.ts';
import type { MoreDestinations } from '../../../local/run/settings/more-destinations.ts';
import { asWritten } from '../../../local/run/settings/settings-variants.ts';
import { minuteMs } from './windows.ts';

/**
 * The deployments that add and remove a destination. Events that are owed to it wait in the journal while it is
 * gone.
 */
export function changesOf({
  comesAndGoes,
  replaced,
  more,
  views,
  removedWhile,
  putBackMs,
}: Changing): readonly SettingsChange[] {
  const id = { afterMs: 35 * minuteMs, name: 'stream id replaced' };
  const to = { ...asWritten, more, views };
  if (!comesAndGoes) return replaced ? [{ ...id, to: { ...to, replaced } }] : [];
  return [
    { afterMs: 15 * minuteMs, to: { ...to, added: true }, name: 'destination added' },
    ...(replaced ? [{ ...id, to: { ...to, added: true, replaced } }] : []),
    { afterMs: 50 * minuteMs, to: { ...to, replaced }, name: destinationRemoved, removedWhile },
    { afterMs: putBackMs, to: { ...to, added: true, replaced }, name: 'destination put back' },
  ];
}

interface Changing {
  readonly comesAndGoes: boolean;
  readonly replaced: boolean;
  readonly more: MoreDestinations;
  readonly views: boolean;
  readonly removedWhile: NonNullable<SettingsChange['removedWhile']>;
  /** The kept delivery stream may hold events then, or have delivered them all. */
  readonly putBackMs: number;
}
