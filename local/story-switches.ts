import { type AttackName, attacks, type PlayedAttack } from '@mosaic-relay/mosaic-simulator';
import { type Form, notA, oneOf } from '../cli/arguments/forms.ts';
import { WrongUse } from '../cli/arguments/wrong-use.ts';

/** An attack of a story and the time of day at which it begins, as `--attack` names it. */
export interface WantedAttack {
  readonly name: AttackName;
  /** Minutes since midnight, UTC. */
  readonly minute: number;
}

const names = Object.keys(attacks) as AttackName[];

/** `spraying@14:00`: an attack, and a time of day of the run's clock, which is UTC. */
export const wantedAttack: Form<WantedAttack> = {
  choices: names.map((name) => `${name}@`),
  note: `The attacks: ${names.map((name) => `${name} (${attacks[name].says})`).join(', ')}.`,
  read(text) {
    const [, given, hours, minutes] = /^([^@]*)@([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
    if (given === undefined) {
      const [word = ''] = text.split('@');
      // A wrong name is said before a missing time, since the answer to it lists the names.
      if (!names.some((name) => name === word)) oneOf(names).read(word);
      throw notA('an attack and a time of day from 00:00 to 23:59, such as spraying@14:00', text);
    }
    return { name: oneOf(names).read(given), minute: Number(hours) * 60 + Number(minutes) };
  },
};

/**
 * Finds the first time at which the clock shows each attack's time of day.
 *
 * @param from,until the story, in milliseconds since the epoch
 * @throws {WrongUse} where the story ends before
 */
export function playedAttacks(
  wanted: readonly WantedAttack[],
  { from, until }: { readonly from: number; readonly until: number },
): readonly PlayedAttack[] {
  return wanted.map(({ name, minute }) => {
    const today = Math.floor(from / dayMs) * dayMs + minute * 60_000;
    const at = today < from ? today + dayMs : today;
    if (at < until) return { name, at };
    throw new WrongUse(
      `--attack ${name}@${clockText(at)} would begin after the story, which lasts from ${clockText(from)} to ` +
        `${clockText(until)}; --hours makes it longer`,
    );
  });
}

/** `08:00`. */
function clockText(time: number): string {
  return new Date(time).toISOString().slice(11, 16);
}

const dayMs = 86_400_000;
