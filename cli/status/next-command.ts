import { isSome } from '../waiting/amount.ts';
import type { Reckoning } from '../waiting/reckon.ts';
import type { Verdict } from '../waiting/verdict.ts';

/** Whose command it is. */
export interface CommandFor {
  /** The stream's name in the settings. */
  readonly stream: string;
  /** The flags that name the relay. */
  readonly address: string;
}

/** The command to type next about a destination; undefined where nothing has to be done. */
export function nextForDestination(
  verdict: Verdict,
  destination: string,
  { places }: Pick<Reckoning, 'places'>,
  { stream, address }: CommandFor,
): string | undefined {
  const doctor = `npx relay doctor --stream ${stream} ${address}`;
  switch (verdict) {
    case 'ok':
    case 'quiet':
      return undefined;
    case 'waiting for you':
      if (isSome(places.backup) || isSome(places.deadLetters))
        return `npx relay replay --stream ${stream} --destination ${destination} ${address}`;
      // Not all of a quarantine can be sent: the reasons come first.
      if (isSome(places.quarantine))
        return `npx relay replay --stream ${stream} --source quarantine --dry-run ${address}`;
      return doctor;
    default:
      return doctor;
  }
}
